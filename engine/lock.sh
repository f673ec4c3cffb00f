# shellcheck shell=bash
# One at a time. A lock is a folder with its holder's process id, since macOS has no flock; it is stale when that
# process is gone. Sourced by ensure.sh.

WAIT_SECONDS=3600

holder_lives() { # LOCK
  local pid
  pid=$(cat "$1/pid" 2>/dev/null) || return 1
  case $(ps -p "$pid" -o command= 2>/dev/null) in *ensure.sh*) return 0 ;; *) return 1 ;; esac
}

lock() { # LOCK
  local said='' start=$SECONDS
  until mkdir "$1" 2>/dev/null; do
    if holder_lives "$1"; then
      [ -n "$said" ] || say "waiting for another call (process $(cat "$1/pid" 2>/dev/null || echo '?')) that is making the same engine …"
      said=yes
      [ $((SECONDS - start)) -lt $WAIT_SECONDS ] || die "gave up after $(took "$start") of waiting for $1"
      sleep 1
    else
      break_lock "$1"
    fi
  done
  echo $$ >"$1/pid"
}

# Two callers may find the same stale lock, and the slower one must not break the faster one's new lock: only the holder
# of a second lock looks again and removes the first. That takes milliseconds, so a second lock of a minute is debris.
break_lock() { # LOCK
  if mkdir "$1.break" 2>/dev/null; then
    # The holder may be between its mkdir and its pid.
    sleep 1
    if [ -d "$1" ] && ! holder_lives "$1"; then
      say "removing the lock of a call that died"
      rm -rf "$1"
    fi
    rmdir "$1.break"
  else
    sleep 1
    find "$1.break" -maxdepth 0 -mmin +1 -exec rmdir {} \; 2>/dev/null || true
  fi
}

release_own_locks() { # FOLDER
  local lock
  for lock in "$1"/*.lock; do
    if [ "$(cat "$lock/pid" 2>/dev/null)" = $$ ]; then rm -rf "$lock"; fi
  done
}

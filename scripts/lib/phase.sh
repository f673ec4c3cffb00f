# shellcheck shell=bash
# What the user sees: phases with their time, progress, and errors that say what to do next.
# Everything here writes to file descriptor 3: standard output, or standard error where stdout carries an answer.

QUIET=false # true: phases that take less than a second are not worth a line
LIVE=false  # true: a person looks on: the phase under way is shown, and of finished ones only those that took a second

is_live() { # a terminal that can redraw lines, and nobody wishes for plain ones
  [ -t 3 ] && [ -z "${NO_COLOR:-}" ] && [ "${TERM:-dumb}" != dumb ] || return
  case ${CI:-false} in false | 0) ;; *) return 1 ;; esac
}

# How scripts/run-pulumi.mts shows its progress.
view() {
  if $VERBOSE; then echo verbose; elif $LIVE; then echo live; else echo plain; fi
}

now_ms() { # bash 3.2 has no finer clock than seconds
  local now=${EPOCHREALTIME-}
  if [ -z "$now" ]; then
    echo $((SECONDS * 1000))
  else
    now=${now/[.,]/}
    echo "${now%???}"
  fi
}

seconds() { # MILLISECONDS → 1.2 s
  printf '%d.%d s' $(($1 / 1000)) $(($1 % 1000 / 100))
}

report() { # NAME DETAIL MILLISECONDS
  printf '==> %-10s %-44s %8s\n' "$1" "$2" "$(seconds "$3")" >&3
}

# phase NAME COMMAND…: runs the command in this shell and reports it; it may say what it found in DETAIL.
phase() {
  local name=$1 start took
  shift
  DETAIL=''
  start=$(now_ms)
  under_way "$name"
  "$@"
  took=$(($(now_ms) - start))
  wipe
  if { ! $QUIET && ! $LIVE; } || [ "$took" -ge 1000 ]; then report "$name" "$DETAIL" "$took"; fi
}

# The phase under way stands on a line that whatever is printed next overwrites.
under_way() {
  if $LIVE && ! $QUIET; then printf '\033[K    %s\r' "$1" >&3; fi
}
wipe() {
  if $LIVE && ! $QUIET; then printf '\033[K' >&3; fi
}

note() {
  wipe
  printf '    %s\n' "$*" >&3
}

# die MESSAGE [WHAT TO DO NEXT…]
die() {
  wipe
  printf 'error: %s\n' "$1" >&2
  shift
  [ $# -eq 0 ] || printf '       %s\n' "$@" >&2
  exit 1
}

# bounded SECONDS COMMAND…: the command's exit code, or 124 when it took longer.
bounded() {
  local limit=$1 pid end
  shift
  "$@" &
  pid=$!
  end=$((SECONDS + limit))
  while kill -0 "$pid" 2>/dev/null; do
    if [ "$SECONDS" -ge "$end" ]; then
      kill "$pid" 2>/dev/null || true
      wait "$pid" 2>/dev/null || true
      return 124
    fi
    sleep 0.02
  done
  wait "$pid"
}

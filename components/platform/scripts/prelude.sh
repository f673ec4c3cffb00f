# shellcheck shell=sh
# Common beginning of every script that acts on a container. Secrets come on standard input and are never echoed.
set -eu

say() {
  printf '%s\n' "$*" >&2
}

fail() {
  say "$*"
  exit 1
}

# Is the container there and running? Ends with an error when the daemon itself does not answer.
is_running() {
  if running=$(docker inspect --format '{{.State.Running}}' "$1" 2>/dev/null); then
    [ "$running" = true ]
    return
  fi
  docker version --format '{{.Server.Version}}' >/dev/null 2>&1 || fail "the Docker daemon does not answer"
  return 1
}

# At most PIDS_LIMIT processes and threads in CONTAINER, from now on and over restarts.
limit_processes() {
  tries=10
  until refusal=$(docker update --pids-limit "$PIDS_LIMIT" "$CONTAINER" 2>&1 >/dev/null); do
    docker inspect "$CONTAINER" >/dev/null 2>&1 || return 0 # what follows says so
    tries=$((tries - 1)) # Docker refuses it of a container that ends at this moment, and takes it of one that has ended
    [ "$tries" -gt 0 ] || fail "$SERVICE: its processes could not be limited to $PIDS_LIMIT: $refusal"
    sleep 0.2
  done
}

# A login cannot be taken back from a server that does not run: that is worth a warning and stops nothing.
can_revoke() {
  is_running "$CONTAINER" && return
  say "warning: $SERVICE does not run, $LOGIN could not be revoked"
  return 1
}

# Ends a process of this script, and says nothing about it.
end() {
  kill "$1" 2>/dev/null || true
  wait "$1" 2>/dev/null || true
}

# Waits until a container has ended; fails when it still runs after the given seconds.
ends_within() {
  docker wait "$1" >/dev/null 2>&1 &
  waiter=$!
  deadline=$(($(date +%s) + $2))
  while kill -0 "$waiter" 2>/dev/null; do
    if [ "$(date +%s)" -ge "$deadline" ]; then
      end "$waiter"
      return 1
    fi
    sleep 0.1
  done
}

# Last words of a container that failed: to the terminal, and to a file where DOCKWRIGHT_LOGS_DIR names a folder.
show_logs() {
  say "last 20 log lines of $2:"
  docker logs --tail 20 "$1" 2>&1 | sed 's/^/  | /' >&2 || true
  [ -n "${DOCKWRIGHT_LOGS_DIR:-}" ] || return 0
  mkdir -p "$DOCKWRIGHT_LOGS_DIR"
  docker logs --timestamps "$1" >"$DOCKWRIGHT_LOGS_DIR/$2.log" 2>&1 || true
  say "all of them: $DOCKWRIGHT_LOGS_DIR/$2.log"
}

# Runs a command in a throw-away container of the server's image on the consumers' segment, standard input attached:
# what it reaches, a consumer reaches.
probe_container() {
  entrypoint=$1
  shift
  docker run --rm -i --network "$NETWORK" --user "$USER_ID" --read-only --tmpfs /tmp:mode=1777,size=16m \
    --cap-drop ALL --security-opt no-new-privileges:true --memory "${PROBE_MEMORY:-64m}" \
    --memory-swap "${PROBE_MEMORY:-64m}" --log-driver none \
    --label dockwright.project="$PROJECT" --label dockwright.stack="$STACK" \
    --label dockwright.stack-id="${STACK_ID:-}" \
    --label dockwright.service="$SERVICE" --label dockwright.role=probe \
    --entrypoint "$entrypoint" "$IMAGE" "$@"
}

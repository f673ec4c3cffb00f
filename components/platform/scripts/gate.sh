# shellcheck shell=sh
# Waits until CONTAINER works, and gives up at once when it exits. FROM says how:
#   inside   READINESS succeeds in the container, within TIMEOUT_SECONDS (the default)
#   outside  READINESS succeeds in a container beside it, with its HOST name as $1, within TIMEOUT_SECONDS
#   none     it keeps running for SETTLE_SECONDS
# Before that it limits the processes inside to PIDS_LIMIT, for which the provider has no field.
# A container that failed is stopped and does not restart, so that it takes no traffic; the next try starts it again.
TIMED_OUT=75
EXITED=76

# One process start for the whole wait: the loop runs where the check does.
# shellcheck disable=SC2016 # expanded there
WAIT='
deadline=$(( $(date +%s) + $2 ))
until output=$(sh -c "$1" check "$3" 2>&1); do
  if [ "$(date +%s)" -ge "$deadline" ]; then
    printf "last answer of the check: %s\n" "$output" | tail -n 5
    exit '"$TIMED_OUT"'
  fi
  sleep 0.1
done'

# Ends the wait when a line, or the end, comes on standard input.
# shellcheck disable=SC2016 # expanded there
STOP_ON_INPUT='
trap "exit '"$EXITED"'" TERM
exec 3<&0
{ read -r _ <&3; kill -s TERM $$; } >/dev/null 2>&1 &
'

inside() {
  answer=$(docker exec "$CONTAINER" sh -c "$WAIT" wait "$READINESS" "$TIMEOUT_SECONDS" 2>&1)
}

outside() {
  folder=$(mktemp -d)
  trap 'rm -rf "$folder"' EXIT
  mkfifo "$folder/exit"
  docker wait "$CONTAINER" >"$folder/exit" 2>/dev/null &
  waiter=$!
  result=0
  answer=$(probe_container sh -c "$STOP_ON_INPUT$WAIT" wait "$READINESS" "$TIMEOUT_SECONDS" "$HOST" \
    <"$folder/exit" 2>&1) || result=$?
  end "$waiter"
  return "$result"
}

# What a gate before this one has stopped, starts again.
revive() {
  state=$(docker inspect --format '{{.State.Running}}/{{.HostConfig.RestartPolicy.Name}}' "$CONTAINER") ||
    fail "$SERVICE: its container is gone; run up once more"
  [ "${state#*/}" = "$RESTART" ] || docker update --restart="$RESTART" "$CONTAINER" >/dev/null
  [ "${state%/*}" = true ] || docker start "$CONTAINER" >/dev/null
}

explain() {
  case $1/$FROM in
    "$TIMED_OUT"/*)
      say "$answer"
      say "$SERVICE did not become ready within $TIMEOUT_SECONDS s"
      ;;
    12[67]/inside) say "$SERVICE cannot be checked from inside, its image has no shell: have it checked from outside" ;;
    "$EXITED"/* | */inside) say "$SERVICE exited before it was ready: $(docker inspect --format \
      '{{.State.Status}}, exit code {{.State.ExitCode}}{{if .State.OOMKilled}}, out of memory{{end}}' "$CONTAINER")" ;;
    *) say "$SERVICE cannot be checked from outside: $answer" ;;
  esac
}

FROM=${FROM:-inside}
limit_processes
status=0
answer=''
case $FROM in
  inside)
    inside || status=$?
    if [ "$status" -eq 1 ]; then # it does not run
      revive
      status=0
      inside || status=$?
    fi
    ;;
  outside)
    revive
    outside || status=$?
    ;;
  none)
    revive
    if ends_within "$CONTAINER" "$SETTLE_SECONDS"; then status=$EXITED; fi
    ;;
esac
[ "$status" -eq 0 ] && exit 0

explain "$status"
show_logs "$CONTAINER" "$SERVICE"
docker stop "$CONTAINER" >/dev/null
docker update --restart=no "$CONTAINER" >/dev/null
exit 1

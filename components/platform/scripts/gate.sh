# shellcheck shell=sh
# Waits until READINESS succeeds inside CONTAINER, for at most TIMEOUT_SECONDS; gives up at once when it exits.
# A container that failed is stopped and does not restart, so that it takes no traffic; the next try starts it again.
TIMED_OUT=75

# One process start for the whole wait: the loop runs inside the container.
# shellcheck disable=SC2016 # expanded inside the container
WAIT_INSIDE='
deadline=$(( $(date +%s) + $2 ))
until output=$(sh -c "$1" 2>&1); do
  if [ "$(date +%s)" -ge "$deadline" ]; then
    printf "last answer of the check: %s\n" "$output" | tail -n 5
    exit '"$TIMED_OUT"'
  fi
  sleep 0.2
done'

state=$(docker inspect --format '{{.State.Running}}/{{.HostConfig.RestartPolicy.Name}}' "$CONTAINER") ||
  fail "$SERVICE: its container is gone; run up once more"
[ "${state#*/}" = "$RESTART" ] || docker update --restart="$RESTART" "$CONTAINER" >/dev/null
[ "${state%/*}" = true ] || docker start "$CONTAINER" >/dev/null

status=0
docker exec "$CONTAINER" sh -c "$WAIT_INSIDE" wait "$READINESS" "$TIMEOUT_SECONDS" >&2 || status=$?
[ "$status" -eq 0 ] && exit 0

if [ "$status" -eq "$TIMED_OUT" ]; then
  say "$SERVICE did not become ready within $TIMEOUT_SECONDS s"
else
  say "$SERVICE exited before it was ready: $(docker inspect --format \
    '{{.State.Status}}, exit code {{.State.ExitCode}}{{if .State.OOMKilled}}, out of memory{{end}}' "$CONTAINER")"
fi
show_logs "$CONTAINER" "$SERVICE"
docker update --restart=no "$CONTAINER" >/dev/null
docker stop "$CONTAINER" >/dev/null
exit 1

# shellcheck shell=sh
# Waits until the one-shot CONTAINER has ended with exit code 0, for at most TIMEOUT_SECONDS.
# A job that failed before is started once more. It may have begun before its processes are limited to PIDS_LIMIT.
state() {
  docker inspect --format '{{.State.Status}} {{.State.ExitCode}}' "$CONTAINER"
}

state=$(state 2>/dev/null) || fail "$SERVICE: its container is gone; run up once more"
limit_processes
case $state in
  'exited 0') exit 0 ;;
  running*) ;;
  *) docker start "$CONTAINER" >/dev/null ;;
esac

if ! ends_within "$CONTAINER" "$TIMEOUT_SECONDS"; then
  say "$SERVICE did not end within $TIMEOUT_SECONDS s"
  show_logs "$CONTAINER" "$SERVICE"
  docker stop "$CONTAINER" >/dev/null
  exit 1
fi

state=$(state)
[ "$state" != 'exited 0' ] || exit 0
say "$SERVICE ended with exit code ${state#* }"
show_logs "$CONTAINER" "$SERVICE"
exit 1

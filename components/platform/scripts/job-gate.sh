# shellcheck shell=sh
# Waits until the one-shot CONTAINER has ended with exit code 0, for at most TIMEOUT_SECONDS.
# A job that failed before is started once more.
exited() {
  [ "$(docker inspect --format '{{.State.Status}}' "$CONTAINER")" = exited ]
}
exit_code() {
  docker inspect --format '{{.State.ExitCode}}' "$CONTAINER"
}

docker inspect "$CONTAINER" >/dev/null 2>&1 || fail "$SERVICE: its container is gone; run up once more"
if exited && [ "$(exit_code)" -ne 0 ]; then
  docker start "$CONTAINER" >/dev/null
fi

deadline=$(($(date +%s) + TIMEOUT_SECONDS))
until exited; do
  if [ "$(date +%s)" -ge "$deadline" ]; then
    say "$SERVICE did not end within $TIMEOUT_SECONDS s"
    show_logs "$CONTAINER" "$SERVICE"
    docker stop "$CONTAINER" >/dev/null
    exit 1
  fi
  sleep 0.2
done

[ "$(exit_code)" -eq 0 ] && exit 0
say "$SERVICE ended with exit code $(exit_code)"
show_logs "$CONTAINER" "$SERVICE"
exit 1

# shellcheck shell=sh
# Prints whose each ACL user is, but for the server's own and the one that is off; needs login-marks.sh and
# redis-session.sh in front.
answer=$(echo 'ACL USERS' | docker exec -i "$CONTAINER" sh -c "$AS_ADMIN" admin "$SERVICE" "$CONTAINER") || exit 1
case $answer in
  OK*) tell_whose "$(printf '%s\n' "$answer" | grep -Ev '^(OK|default|dockwright-admin|dockwright-health)$')" ;;
  *) echo "$SERVICE did not tell its users" >&2 && exit 1 ;;
esac

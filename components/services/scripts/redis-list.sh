# shellcheck shell=sh
# Prints whose each ACL user is, but for the server's own and the one that is off; needs login-marks.sh in front.
# shellcheck disable=SC2016 # expanded inside the container
AS_ADMIN='printf "AUTH dockwright-admin %s\nACL USERS\n" "$(cat /run/dockwright/admin)" | redis-cli'
answer=$(docker exec "$CONTAINER" sh -c "$AS_ADMIN") || exit 1
case $answer in
  OK*) tell_whose "$(printf '%s\n' "$answer" | grep -Ev '^(OK|default|dockwright-admin|dockwright-health)$')" ;;
  *) echo "$SERVICE did not tell its users" >&2 && exit 1 ;;
esac

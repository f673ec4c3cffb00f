# shellcheck shell=sh
# Speaks with the server as its administrator, inside its container: commands on standard input, answers on standard
# output, that to the login first; $1 is the service and $2 the container. A script of some service that keeps the server
# busy is ended first. Where Redis ends none, because it has written, and where nothing answers, it says what to do.
# shellcheck disable=SC2016,SC2034 # expanded inside the container; for the scripts behind this one
AS_ADMIN='
commands=$(cat)
ask() {
  { printf "AUTH dockwright-admin %s\n" "$(cat /run/dockwright/admin)"; printf "$@"; } | timeout 60 redis-cli
}
give_up() {
  echo "$3: stop the containers of the service that does this, run \"docker restart $2\", and update once more" >&2
  exit 1
}
tries=20
while :; do
  answer=$(ask "%s\n" "$commands") || give_up "$1" "$2" "$1 does not answer its administrator"
  printf "%s\n" "$answer" | grep -q "^BUSY " || break
  tries=$((tries - 1))
  [ "$tries" -gt 0 ] || give_up "$1" "$2" "$1 is kept busy by one script after the other"
  # One of both fits; Redis looks at it a moment later.
  killed=$(ask "SCRIPT KILL\nFUNCTION KILL\n")
  ! printf "%s\n" "$killed" | grep -q "^UNKILLABLE " ||
    give_up "$1" "$2" "$1 is kept busy by a script that has written, which Redis does not end"
  sleep 0.1
done
printf "%s\n" "$answer"'

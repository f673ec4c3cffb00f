# shellcheck shell=sh
# Prints whose each user is that the server was given last; needs login-marks.sh in front.
users=$(docker exec "$CONTAINER" sed -n 's/^{"user":"\([^"]*\)".*/\1/p' /var/tmp/logins/users.conf) || exit 1
tell_whose "$users"

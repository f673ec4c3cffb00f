# shellcheck shell=sh
# Prints the users that the server was given last.
docker exec "$CONTAINER" sed -n 's/^{"user":"\([^"]*\)".*/\1/p' /var/tmp/logins/users.conf

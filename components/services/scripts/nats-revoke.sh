# shellcheck shell=sh
# Removes the user LOGIN from the running server, which also ends its connections.
can_revoke || exit 0
docker exec "$CONTAINER" sh -c "$USERS" users remove "$LOGIN" >&2

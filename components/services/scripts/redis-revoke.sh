# shellcheck shell=sh
# Deletes the ACL user LOGIN, which also ends its connections, and keeps that in the ACL file.
can_revoke || exit 0
# shellcheck disable=SC2016 # expanded inside the container
AS_ADMIN='{ printf "AUTH dockwright-admin %s\n" "$(cat /run/dockwright/admin)"; cat; } | redis-cli'
answer=$(printf 'ACL DELUSER %s\nACL SAVE\n' "$LOGIN" | docker exec -i "$CONTAINER" sh -c "$AS_ADMIN")
[ "$(printf '%s\n' "$answer" | grep -c '^OK')" -eq 2 ] || fail "$SERVICE did not give up the user $LOGIN"

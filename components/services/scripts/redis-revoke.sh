# shellcheck shell=sh
# Deletes the ACL user LOGIN, which also ends its connections, and keeps that in the ACL file; needs redis-session.sh in
# front.
can_revoke || exit 0
answer=$(printf 'ACL DELUSER %s\nACL SAVE\n' "$LOGIN" |
  docker exec -i "$CONTAINER" sh -c "$AS_ADMIN" admin "$SERVICE" "$CONTAINER")
[ "$(printf '%s\n' "$answer" | grep -c '^OK')" -eq 2 ] || fail "$SERVICE did not give up the user $LOGIN"

# shellcheck shell=sh
# Removes the PIECE from the edge's configuration: requests for it are no longer passed on.
is_running "$CONTAINER" || exit 0
docker exec "$CONTAINER" sh -c "$INSIDE" activate "$PIECE" remove >&2

# shellcheck shell=sh
# Replaces the PIECE of the edge's configuration by the files on standard input, and serves it.
is_running "$CONTAINER" || fail "the edge does not run: $CONTAINER"
docker exec -i "$CONTAINER" sh -c "$INSIDE" activate "$PIECE" put >&2

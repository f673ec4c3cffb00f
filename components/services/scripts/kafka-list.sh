# shellcheck shell=sh
# Prints whose each principal is that has rights. A retired one has none; its name stays on the broker. Needs
# login-marks.sh in front.
# shellcheck disable=SC2016 # expanded inside the container
LIST='
connect "$1"
request 001d 0001 01ffff01ffffffff0101 # DescribeAcls 1: whatever the resource, the principal and the operation
answer=$(receive) || exit 1
[ "${answer:8:4}" = 0000 ] || refused "to tell its rights" "$answer"
hex_to_bytes "$answer" | tr "\0" "\n" | sed -n "s/.*User:\([A-Za-z0-9_.-]*\).*/\1/p" | sort -u'

principals=$(docker exec "$CONTAINER" bash -c "$WIRE$LIST" list "$ADMIN_ADDRESS") || exit 1
tell_whose "$principals"

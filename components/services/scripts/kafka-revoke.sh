# shellcheck shell=sh
# Retires the principal LOGIN: its password is overwritten with a random one and its rights are removed. It is not
# deleted, because replaying the deletion of a SCRAM user locks out every other one at the next start (Kafka 4.1).
can_revoke || exit 0
# shellcheck disable=SC2016 # expanded inside the container
RETIRE='
connect "$1"
{ hex_to_bytes "$2" && head -c 64 /dev/urandom && printf "\0\0"; } >&3
expect_login_changed
hex_to_bytes "$3" >&3
expect_rights_removed'

docker exec "$CONTAINER" bash -c "$WIRE$RETIRE" retire "$ADMIN_ADDRESS" "$RETIRE_LOGIN" "$REMOVE_RIGHTS" >&2

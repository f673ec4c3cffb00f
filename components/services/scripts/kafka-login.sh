# shellcheck shell=sh
# Makes the SCRAM principal LOGIN and gives it its rights, by requests of Kafka's own protocol, and proves it from
# another container; needs login-marks.sh in front. Standard input: the request that makes the login, and the keys that
# prove its password.
IFS= read -r upsert
IFS= read -r keys

# shellcheck disable=SC2016 # expanded inside the container
APPLY='
IFS= read -r upsert
connect "$1"
hex_to_bytes "$upsert" >&3
expect_login_changed
hex_to_bytes "$2" >&3
expect_rights_added'

printf '%s\n' "$upsert" |
  docker exec -i "$CONTAINER" bash -c "$MARK$WIRE$APPLY" apply "$ADMIN_ADDRESS" "$CREATE_RIGHTS" >&2

printf '%s\n' "$keys" |
  probe_container bash -c "$WIRE$PROOF" proof "$CLIENT_ADDRESS" "$LOGIN" "$MECHANISM" >&2

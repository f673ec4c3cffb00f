# shellcheck shell=sh
# Retires the principal LOGIN: its password is overwritten with a random one and its rights are removed. It is not
# deleted, because replaying the deletion of a SCRAM user locks out every other one at the next start (Kafka 4.1).
can_revoke || exit 0
# shellcheck disable=SC2016 # expanded inside the container
RETIRE='
random_hex() { head -c "$1" /dev/urandom | od -An -v -tx1 | tr -d " \n"; }

connect "$1"
# AlterUserScramCredentials 0: no deletion, one login of SCRAM-SHA-512 in 4096 rounds, salt and salted password.
printf -v length "%02x" $((${#2} + 1))
request 0033 0000 "000102$length$(text_to_hex "$2")020000100021$(random_hex 32)41$(random_hex 64)0000"
expect_login_changed
# DeleteAcls 1: one filter, whatever the resource, that names the principal.
request 001f 0001 "0000000101ffff01$(short_text "User:$2")ffff0101"
expect_rights_removed'

docker exec "$CONTAINER" bash -c "$WIRE$RETIRE" retire "$ADMIN_ADDRESS" "$LOGIN" >&2

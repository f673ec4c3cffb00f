# shellcheck shell=bash
# Logs in over the network with SCRAM (RFC 5802): a wrong password must be refused, the right one accepted.
# Needs kafka-wire.sh in front. Arguments: address, user, mechanism. Standard input: the keys of the right password, as
# HMAC's inner and outer block of the stored key, and the client key.
ACCEPTED=0000
REFUSED=003a

# authenticate TEXT: one message of the exchange; leaves the broker's error code in `code` and its message in `message`
authenticate() {
  local hex length answer
  hex=$(text_to_hex "$1")
  printf -v length '%08x' $((${#hex} / 2))
  request 0024 0001 "$length$hex"
  answer=$(receive) || exit 1
  code=${answer:0:4}
  message=''
  [ "$code" != "$ACCEPTED" ] || message=$(hex_to_bytes "${answer:16:2*16#${answer:8:8}}")
}

sha512() {
  local sum
  sum=$(sha512sum)
  printf '%s\n' "${sum%% *}"
}

xor() { # HEX HEX
  local i byte
  for ((i = 0; i < ${#1}; i += 2)); do
    printf -v byte '%02x' $((16#${1:i:2} ^ 16#${2:i:2}))
    printf '%s' "$byte"
  done
}

# log_in ADDRESS USER MECHANISM INNER OUTER CLIENT: leaves the last error code in `code`
log_in() {
  local mechanism nonce first final inner signature
  connect "$1"
  mechanism=$(text_to_hex "$3")
  printf -v first '%04x' ${#3}
  request 0011 0001 "$first$mechanism"
  receive >/dev/null || exit 1
  read -r nonce </proc/sys/kernel/random/uuid
  first="n=$2,r=$nonce"
  authenticate "n,,$first"
  [ "$code" = "$ACCEPTED" ] || return 0
  final=${message#r=}
  final="c=biws,r=${final%%,*}"
  inner=$({ hex_to_bytes "$4" && printf '%s' "$first,$message,$final"; } | sha512)
  signature=$({ hex_to_bytes "$5" && hex_to_bytes "$inner"; } | sha512)
  authenticate "$final,p=$(hex_to_bytes "$(xor "$6" "$signature")" | base64 | tr -d '\n')"
}

read -r inner outer client
log_in "$1" "$2" "$3" "$inner" "$outer" "${client//?/0}"
[ "$code" = "$REFUSED" ] || { echo "a wrong password was not refused" >&2 && exit 1; }

# A login reaches the broker's memory a moment after it is accepted.
deadline=$((SECONDS + 10))
until log_in "$1" "$2" "$3" "$inner" "$outer" "$client" && [ "$code" = "$ACCEPTED" ]; do
  [ "$SECONDS" -lt "$deadline" ] || { echo "the new login does not work: error $((16#$code))" >&2 && exit 1; }
  sleep 0.1
done

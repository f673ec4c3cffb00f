# shellcheck shell=bash
# Speaks Kafka's protocol over file descriptor 3, in bash alone: no JVM. Answers are hex digits.
export LC_ALL=C

# connect ADDRESS: host:port
connect() {
  exec 3<>"/dev/tcp/${1%:*}/${1##*:}"
}

# hex_to_bytes HEX: to standard output
hex_to_bytes() {
  local i escaped=''
  for ((i = 0; i < ${#1}; i += 2)); do escaped+="\\x${1:i:2}"; done
  printf '%b' "$escaped"
}

text_to_hex() {
  local i
  for ((i = 0; i < ${#1}; i++)); do printf '%02x' "'${1:i:1}"; done
}

# request API VERSION BODY: sends it, all of them as hex digits; the client gives no name
request() {
  local body="$1${2}00000007ffff$3" length
  printf -v length '%08x' $((${#body} / 2))
  hex_to_bytes "$length$body" >&3
}

# short_text TEXT: with its length in two bytes in front
short_text() {
  local length
  printf -v length '%04x' ${#1}
  printf '%s%s' "$length" "$(text_to_hex "$1")"
}

# read_hex COUNT: that many bytes from the connection, one system call each and never one too many
read_hex() {
  local i byte code digits hex=''
  for ((i = 0; i < $1; i++)); do
    IFS= read -r -d '' -n 1 -t 10 -u 3 byte || return 1
    printf -v code '%d' "'$byte"
    printf -v digits '%02x' "$((code & 255))"
    hex+=$digits
  done
  printf '%s\n' "$hex"
}

# receive: the answer to the last request, without its length and correlation id
receive() {
  local length answer
  if ! length=$(read_hex 4) || ! answer=$(read_hex "$((16#$length))"); then
    echo "the broker did not answer" >&2
    return 1
  fi
  printf '%s\n' "${answer:8}"
}

# refused WHAT ANSWER: the broker's own words are somewhere in its answer.
refused() {
  printf 'the broker refused %s: %s\n' "$1" "$(hex_to_bytes "$2" | tr -cd '[:print:]')" >&2
  exit 1
}

# The request on file descriptor 3 was to change a login: tags, throttling, one result with the user and an error code.
expect_login_changed() {
  local answer user_length
  answer=$(receive) || exit 1
  user_length=$((16#${answer:12:2} - 1))
  [ "${answer:14+2*user_length:4}" = 0000 ] || refused "the login" "$answer"
}

# The request was to add rights: throttling, the number of results, and for each a code of 0 and no message.
expect_rights_added() {
  local answer
  answer=$(receive) || exit 1
  [[ ${answer:16} =~ ^(0000(0000|ffff))+$ ]] || refused "the rights" "$answer"
}

# The request was to remove rights: throttling, one result, and its code in front of what was removed.
expect_rights_removed() {
  local answer
  answer=$(receive) || exit 1
  [ "${answer:16:4}" = 0000 ] || refused "to take the rights back" "$answer"
}

# shellcheck shell=sh
# Makes the user LOGIN in the running server and proves it from another container; needs login-marks.sh in front.
# Standard input: its line in the list of users, and its password.
IFS= read -r line
IFS= read -r password

printf '%s\n' "$line" | docker exec -i "$CONTAINER" sh -c "$MARK$USERS" users put "$LOGIN" >&2

# shellcheck disable=SC2016 # expanded inside the probe
PROOF='
IFS= read -r password
log_in() {
  printf "CONNECT {\"verbose\":false,\"user\":\"%s\",\"pass\":\"%s\"}\r\nPING\r\n" "$2" "$3" | timeout 5 nc "$1" 4222
}
case $(log_in "$1" "$2" wrong) in
  *"Authorization Violation"*) ;;
  *) echo "a wrong password was not refused" >&2; exit 1 ;;
esac
case $(log_in "$1" "$2" "$password") in
  *PONG*) ;;
  *) echo "the new login does not work" >&2; exit 1 ;;
esac'

printf '%s\n' "$password" | probe_container sh -c "$PROOF" proof "$SERVICE" "$LOGIN" >&2

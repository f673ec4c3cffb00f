# shellcheck shell=sh
# Makes the ACL user LOGIN with RIGHTS and the password on standard input, keeps it in the ACL file, and proves it from
# another container; needs login-marks.sh and redis-session.sh in front.
IFS= read -r password

answer=$(printf 'ACL SETUSER %s reset on >%s %s\nACL SAVE\n' "$LOGIN" "$password" "$RIGHTS" |
  docker exec -i "$CONTAINER" sh -c "$MARK$AS_ADMIN" admin "$SERVICE" "$CONTAINER")
if [ "$(printf '%s\n' "$answer" | grep -c '^OK')" -ne 3 ]; then
  # Redis names the right that it does not know; of anything else, such as the password, nothing is told.
  reason=$(printf '%s\n' "$answer" | sed -n "s/^ERR Error in ACL SETUSER modifier '[+&~%][^']*'/&/p")
  fail "$SERVICE did not accept the user $LOGIN${reason:+: $reason}"
fi

# shellcheck disable=SC2016 # expanded inside the probe
PROOF='
IFS= read -r password
log_in() { printf "AUTH %s %s\nPING\n" "$2" "$3" | redis-cli -h "$1" 2>&1; }
case $(log_in "$1" "$2" wrong) in
  *WRONGPASS*) ;;
  *) echo "a wrong password was not refused" >&2; exit 1 ;;
esac
case $(log_in "$1" "$2" "$password") in
  *PONG*) ;;
  *) echo "the new login does not work" >&2; exit 1 ;;
esac'

printf '%s\n' "$password" | probe_container sh -c "$PROOF" proof "$SERVICE" "$LOGIN" >&2

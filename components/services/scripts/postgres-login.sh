# shellcheck shell=sh
# Makes the login role LOGIN, a member of ROLE, whose rights it has, marks it as made here, and proves it from another
# container; needs postgres-session.sh in front. Standard input: what the server verifies the password with, and the
# password, which itself goes into no statement. Statement logging is off all the same, also when one fails.
IFS= read -r verifier
IFS= read -r password

{
  printf "\\\\set verifier '%s'\n%s\n" "$verifier" "$SET_MARK"
  cat <<'SQL'
BEGIN;
SET LOCAL log_statement = 'none';
SET LOCAL log_min_error_statement = 'panic';
SET LOCAL log_min_duration_statement = -1;
SELECT pg_catalog.format('CREATE ROLE %I NOLOGIN IN ROLE %I', :'login', :'role')
 WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = :'login') \gexec
ALTER ROLE :"login" LOGIN NOSUPERUSER NOCREATEROLE NOCREATEDB NOREPLICATION NOBYPASSRLS PASSWORD :'verifier';
ALTER ROLE :"login" SET role = :'role';
COMMENT ON ROLE :"login" IS :'mark';
COMMIT;
SQL
} | administer -v login="$LOGIN" -v role="$ROLE" >/dev/null

# shellcheck disable=SC2016 # expanded inside the probe
PROOF='
umask 077
IFS= read -r password
export PGPASSFILE=/tmp/pgpass PGCONNECT_TIMEOUT=5
log_in() {
  tries=60
  while :; do
    said=$(psql -X -h "$1" -U "$2" -d "$3" -tAc "select current_user" 2>&1) || true
    case $said in
      *"too many clients already"* | *"remaining connection slots"*) ;;
      *) break ;;
    esac
    tries=$((tries - 1))
    [ "$tries" -gt 0 ] || break
    sleep 1
  done
  printf "%s\n" "$said"
}
printf "*:*:*:*:wrong\n" >"$PGPASSFILE"
case $(log_in "$@") in
  *"password authentication failed"*) ;;
  *) echo "a wrong password was not refused" >&2; exit 1 ;;
esac
printf "*:*:*:*:%s\n" "$password" >"$PGPASSFILE"
answer=$(log_in "$@")
[ "${answer##*
}" = "$4" ] || { echo "the new login does not work: $answer" >&2; exit 1; }'

printf '%s\n' "$password" | probe_container sh -c "$PROOF" proof "$SERVICE" "$LOGIN" "$DATABASE" "$ROLE" >&2

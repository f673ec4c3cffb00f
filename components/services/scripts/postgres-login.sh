# shellcheck shell=sh
# Makes the login role LOGIN with the password on standard input, a member of ROLE, whose rights it has, and proves it
# from another container. Statement logging is off for the one statement that carries the password, also when it fails.
IFS= read -r password

in_database() {
  docker exec -i "$CONTAINER" psql -X -q -v ON_ERROR_STOP=1 -U postgres -d "$DATABASE" \
    -v login="$LOGIN" -v role="$ROLE" >/dev/null
}

{
  printf '\\set password %s\n' "$password"
  cat <<'SQL'
SELECT format('CREATE ROLE %I NOLOGIN IN ROLE %I', :'login', :'role')
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'login') \gexec
BEGIN;
SET LOCAL log_statement = 'none';
SET LOCAL log_min_error_statement = 'panic';
SET LOCAL log_min_duration_statement = -1;
ALTER ROLE :"login" LOGIN PASSWORD :'password';
COMMIT;
ALTER ROLE :"login" SET role = :'role';
SQL
} | in_database

# shellcheck disable=SC2016 # expanded inside the probe
PROOF='
umask 077
IFS= read -r password
export PGPASSFILE=/tmp/pgpass PGCONNECT_TIMEOUT=5
log_in() { psql -X -h "$1" -U "$2" -d "$3" -tAc "select current_user" 2>&1; }
printf "*:*:*:*:wrong\n" >"$PGPASSFILE"
case $(log_in "$@") in
  *"password authentication failed"*) ;;
  *) echo "a wrong password was not refused" >&2; exit 1 ;;
esac
printf "*:*:*:*:%s\n" "$password" >"$PGPASSFILE"
answer=$(log_in "$@")
[ "$answer" = "$4" ] || { echo "the new login does not work: $answer" >&2; exit 1; }'

printf '%s\n' "$password" | probe_container sh -c "$PROOF" proof "$SERVICE" "$LOGIN" "$DATABASE" "$ROLE" >&2

# shellcheck shell=sh
# Takes LOGIN back: no new session and the running ones ended, whatever it has or holds; then its rights and the role
# itself go, and what it owns in any database becomes OWNER's. Needs postgres-session.sh in front.
can_revoke || exit 0

# Drops the role where nothing depends on it; else prints the databases in which something does, that of administration
# for what they share. It ends all sessions first, because one that has changed its own role and not committed would be
# waited for, and lets no further one in with the next statement.
lock_out() {
  administer -v login="$LOGIN" <<'SQL'
SELECT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = :'login') AS known \gset
\if :known
SET lock_timeout = '1s';
SELECT pg_catalog.pg_terminate_backend(pid, 5000)
  FROM pg_catalog.pg_stat_activity WHERE usename = :'login' \g /dev/null
ALTER ROLE :"login" NOLOGIN PASSWORD NULL;
SELECT pg_catalog.pg_terminate_backend(pid, 5000)
  FROM pg_catalog.pg_stat_activity WHERE usename = :'login' \g /dev/null
CREATE TEMPORARY VIEW dependent AS
SELECT DISTINCT coalesce(datname, pg_catalog.current_database()) AS name
  FROM pg_catalog.pg_shdepend
  LEFT JOIN pg_catalog.pg_database ON pg_database.oid = dbid
 WHERE refclassid = 'pg_catalog.pg_authid'::pg_catalog.regclass
   AND refobjid = (SELECT oid FROM pg_catalog.pg_roles WHERE rolname = :'login');
SELECT NOT EXISTS (SELECT FROM pg_temp.dependent) AS free \gset
\if :free
DROP ROLE :"login";
\else
SELECT name FROM pg_temp.dependent;
\endif
\endif
SQL
}

# allow_connections DATABASE: its owner can have forbidden them to all, the superuser among them
allow_connections() {
  administer -v database="$1" <<'SQL'
SELECT pg_catalog.format('ALTER DATABASE %I ALLOW_CONNECTIONS true', datname)
  FROM pg_catalog.pg_database WHERE datname = :'database' AND NOT datallowconn \gexec
SQL
}

# hand_over DATABASE: what is dropped are rights alone, because everything else is OWNER's by then
hand_over() {
  allow_connections "$1" && administer_in "$1" postgres -v login="$LOGIN" -v owner="$OWNER" <<'SQL'
BEGIN;
REASSIGN OWNED BY :"login" TO :"owner";
DROP OWNED BY :"login";
COMMIT;
SQL
}

drop_role() {
  administer -v login="$LOGIN" <<'SQL'
DROP ROLE :"login";
SQL
}

tries=10
until dependent=$(lock_out); do
  tries=$((tries - 1))
  [ "$tries" -gt 0 ] || fail "$SERVICE: $LOGIN could not be revoked"
done
[ -n "$dependent" ] || exit 0

printf '%s\n' "$dependent" | while IFS= read -r name; do hand_over "$name" || true; done
drop_role || say "warning: $SERVICE: $LOGIN can log in no more, but its role still stands: the next up tries again"

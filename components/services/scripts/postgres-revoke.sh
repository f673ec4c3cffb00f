# shellcheck shell=sh
# Takes LOGIN back: no new session, the running ones ended, its rights and the role itself gone.
can_revoke || exit 0
docker exec -i "$CONTAINER" psql -X -q -v ON_ERROR_STOP=1 -U postgres -d "$DATABASE" -v login="$LOGIN" <<'SQL' >/dev/null
SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = :'login') AS known \gset
\if :known
ALTER ROLE :"login" NOLOGIN PASSWORD NULL;
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = :'login';
DROP OWNED BY :"login";
DROP ROLE :"login";
\endif
SQL

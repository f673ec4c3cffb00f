# shellcheck shell=sh
# Prints who can log in, `ours NAME` of the logins that were made here and `other NAME` of the rest, but for the
# superuser and the health check, which can do so inside the container only. A login that was taken back and still
# stands, because something of it could not be handed over, is among ours. Needs postgres-session.sh in front.
{
  printf '%s\n' "$SET_MARK"
  cat <<'SQL'
SELECT CASE WHEN marked THEN 'ours ' ELSE 'other ' END || pg_catalog.regexp_replace(rolname, '[[:cntrl:]]', '?', 'g')
  FROM pg_catalog.pg_roles
 CROSS JOIN LATERAL (
         SELECT pg_catalog.shobj_description(oid, 'pg_authid') IS NOT DISTINCT FROM :'mark') AS found (marked)
 WHERE (rolcanlogin OR marked) AND rolname NOT IN ('postgres', :'health')
 ORDER BY rolname
SQL
} | administer -v health="$HEALTH_ROLE"

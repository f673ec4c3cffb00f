# shellcheck shell=sh
# A cluster that was made with POSTGRES_USER has its superuser under that name, often the one that is to own the data
# here, and no role postgres. PostgreSQL lets that role neither go nor stop being a superuser, so it becomes postgres,
# and what the applications have in DATABASE goes to OWNER. All of it is done in one transaction, or nothing.

has_superuser() {
  docker exec "$CONTAINER" psql -X -U postgres -d postgres -tAc 'SELECT 1' >/dev/null 2>&1
}

# A role cannot rename itself.
adopt_cluster() {
  say "$SERVICE: adopts a cluster whose superuser is $FORMER_SUPERUSER"
  docker exec -i "$CONTAINER" psql -X -q -v ON_ERROR_STOP=1 -U "$FORMER_SUPERUSER" -d postgres <<'SQL' >/dev/null
SELECT 'CREATE ROLE dockwright_adoption SUPERUSER LOGIN'
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'dockwright_adoption') \gexec
SQL
  hand_over | docker exec -i "$CONTAINER" psql -X -q -v ON_ERROR_STOP=1 -U dockwright_adoption -d "$DATABASE" \
    -v former="$FORMER_SUPERUSER" -v owner="$OWNER" >/dev/null
}

# What belongs to an extension, and sequences that belong to a column, follow by themselves.
hand_over() {
  cat <<'SQL'
BEGIN;
ALTER ROLE :"former" RENAME TO postgres;
SELECT format('CREATE ROLE %I NOLOGIN', :'owner')
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'owner') \gexec
WITH found (class, id, schema, owner) AS (
  SELECT 'pg_class'::regclass, oid, relnamespace, relowner FROM pg_class
   WHERE relkind IN ('r', 'p', 'v', 'm', 'f')
      OR relkind = 'S' AND NOT EXISTS (
           SELECT FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = pg_class.oid AND deptype IN ('a', 'i'))
  UNION ALL SELECT 'pg_proc'::regclass, oid, pronamespace, proowner FROM pg_proc
  UNION ALL SELECT 'pg_type'::regclass, oid, typnamespace, typowner FROM pg_type
   WHERE typtype IN ('d', 'e', 'r')
      OR typtype = 'c' AND EXISTS (SELECT FROM pg_class WHERE oid = typrelid AND relkind = 'c')
  UNION ALL SELECT 'pg_namespace'::regclass, oid, oid, nspowner FROM pg_namespace
)
SELECT format('ALTER %s %s OWNER TO %I', object.type, object.identity, :'owner')
  FROM found JOIN pg_namespace ON pg_namespace.oid = schema, pg_identify_object(class, id, 0) AS object
 WHERE owner = (SELECT oid FROM pg_roles WHERE rolname = 'postgres')
   AND nspname !~ '^pg_' AND nspname <> 'information_schema'
   AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = class AND objid = id AND deptype = 'e') \gexec
COMMIT;
SQL
}

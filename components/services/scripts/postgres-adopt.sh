# shellcheck shell=sh
# A cluster that was made with POSTGRES_USER has its superuser under that name, often the one that is to own the data
# here, and no role postgres. PostgreSQL lets that role neither go nor stop being a superuser, so it becomes postgres,
# and what the applications have in DATABASE goes to OWNER. All of it is done in one transaction, or nothing.
# Needs postgres-session.sh in front.

has_superuser() {
  echo 'SELECT 1' | administer >/dev/null 2>&1
}

# A role cannot rename itself.
adopt_cluster() {
  say "$SERVICE: adopts a cluster whose superuser is $FORMER_SUPERUSER"
  administer_as "$FORMER_SUPERUSER" <<'SQL' >/dev/null
SELECT 'CREATE ROLE dockwright_adoption SUPERUSER LOGIN'
 WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'dockwright_adoption') \gexec
SQL
  hand_over | administer_in "$DATABASE" dockwright_adoption -v former="$FORMER_SUPERUSER" -v owner="$OWNER" >/dev/null
}

# What belongs to an extension, and sequences that belong to a column, follow by themselves.
hand_over() {
  cat <<'SQL'
BEGIN;
ALTER ROLE :"former" RENAME TO postgres;
SELECT pg_catalog.format('CREATE ROLE %I NOLOGIN', :'owner')
 WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = :'owner') \gexec
WITH found (class, id, schema, owner) AS (
  SELECT 'pg_catalog.pg_class'::pg_catalog.regclass, oid, relnamespace, relowner
    FROM pg_catalog.pg_class
   WHERE relkind IN ('r', 'p', 'v', 'm', 'f')
      OR relkind = 'S' AND NOT EXISTS (
           SELECT FROM pg_catalog.pg_depend
            WHERE classid = 'pg_catalog.pg_class'::pg_catalog.regclass
              AND objid = pg_class.oid AND deptype IN ('a', 'i'))
  UNION ALL SELECT 'pg_catalog.pg_proc'::pg_catalog.regclass, oid, pronamespace, proowner FROM pg_catalog.pg_proc
  UNION ALL SELECT 'pg_catalog.pg_type'::pg_catalog.regclass, oid, typnamespace, typowner FROM pg_catalog.pg_type
   WHERE typtype IN ('d', 'e', 'r')
      OR typtype = 'c' AND EXISTS (SELECT FROM pg_catalog.pg_class WHERE oid = typrelid AND relkind = 'c')
  UNION ALL SELECT 'pg_catalog.pg_namespace'::pg_catalog.regclass, oid, oid, nspowner FROM pg_catalog.pg_namespace
)
SELECT pg_catalog.format('ALTER %s %s OWNER TO %I', object.type, object.identity, :'owner')
  FROM found
  JOIN pg_catalog.pg_namespace ON pg_namespace.oid = schema
 CROSS JOIN pg_catalog.pg_identify_object(class, id, 0) AS object
 WHERE owner = (SELECT oid FROM pg_catalog.pg_roles WHERE rolname = 'postgres')
   AND nspname !~ '^pg_' AND nspname <> 'information_schema'
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend WHERE classid = class AND objid = id AND deptype = 'e') \gexec
COMMIT;
SQL
}

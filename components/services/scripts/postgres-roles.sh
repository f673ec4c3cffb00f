# shellcheck shell=sh
# Brings the fixed roles of the cluster in CONTAINER into shape, also on a data volume that was there before; needs
# postgres-session.sh and postgres-adopt.sh in front.
# During initialisation the server answers on the socket only: TCP says that it is over.
deadline=$(($(date +%s) + 120))
until docker exec "$CONTAINER" pg_isready -q -h 127.0.0.1 >/dev/null 2>&1; do
  if ! is_running "$CONTAINER" || [ "$(date +%s)" -ge "$deadline" ]; then
    say "$SERVICE does not accept connections"
    show_logs "$CONTAINER" "$SERVICE"
    exit 1
  fi
  sleep 0.2
done

# Where one can be moved its script runs in a schema that is new and the superuser's: in the schema public, which is the
# application's, functions could lie that the script takes for others.
create_extension() {
  printf '%s\n' "\\set extension '$1'"
  cat <<'SQL'
SELECT NOT EXISTS (SELECT FROM pg_catalog.pg_extension WHERE extname = :'extension') AS missing,
       coalesce((SELECT relocatable FROM pg_catalog.pg_available_extensions AS available
                   JOIN pg_catalog.pg_available_extension_versions AS versions
                     ON versions.name = available.name AND version = default_version
                  WHERE available.name = :'extension'), false) AS movable,
       'dockwright_' || pg_catalog.gen_random_uuid() AS schema \gset
\if :missing
BEGIN;
\if :movable
CREATE SCHEMA :"schema";
CREATE EXTENSION :"extension" SCHEMA :"schema";
ALTER EXTENSION :"extension" SET SCHEMA public;
DROP SCHEMA :"schema";
\else
SET LOCAL search_path = public;
CREATE EXTENSION :"extension";
\endif
COMMIT;
\endif
SQL
}

# EXTENSIONS are names apart by spaces.
create_extensions() {
  for extension in $EXTENSIONS; do create_extension "$extension"; done
}

has_superuser || adopt_cluster

administer -v database="$DATABASE" -v owner="$OWNER" -v health="$HEALTH_ROLE" <<'SQL' >/dev/null
ALTER ROLE postgres PASSWORD NULL;
DROP ROLE IF EXISTS dockwright_adoption;
SELECT pg_catalog.format('CREATE ROLE %I', :'owner')
 WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = :'owner') \gexec
ALTER ROLE :"owner" NOLOGIN NOSUPERUSER NOCREATEROLE NOCREATEDB NOREPLICATION NOBYPASSRLS PASSWORD NULL;
SELECT pg_catalog.format('CREATE ROLE %I LOGIN CONNECTION LIMIT 5', :'health')
 WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = :'health') \gexec
SELECT pg_catalog.format('CREATE DATABASE %I', :'database')
 WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_database WHERE datname = :'database') \gexec
ALTER DATABASE :"database" OWNER TO :"owner";
REVOKE ALL ON DATABASE :"database", postgres, template1 FROM PUBLIC;
REVOKE ALL ON DATABASE :"database" FROM :"health";
GRANT CONNECT ON DATABASE :"database", postgres TO pg_monitor;
GRANT CONNECT ON DATABASE postgres TO :"health";
SELECT pg_catalog.format('REVOKE CREATE ON SCHEMA %I FROM PUBLIC', nspname)
  FROM pg_catalog.pg_namespace WHERE nspname = 'public' \gexec
SQL

{
  cat <<'SQL'
SELECT pg_catalog.format('ALTER SCHEMA %I OWNER TO %I', nspname, :'owner')
  FROM pg_catalog.pg_namespace WHERE nspname = 'public' \gexec
SQL
  create_extensions
} | administer_in "$DATABASE" postgres -v owner="$OWNER" >/dev/null

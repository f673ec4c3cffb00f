# shellcheck shell=sh
# Brings the fixed roles of the cluster in CONTAINER into shape, also on a data volume that was there before; needs
# postgres-adopt.sh in front.
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

# EXTENSIONS are names apart by spaces.
create_extensions() {
  echo 'SET client_min_messages = warning;'
  for extension in $EXTENSIONS; do printf 'CREATE EXTENSION IF NOT EXISTS "%s";\n' "$extension"; done
}

has_superuser || adopt_cluster

{
  cat <<'SQL'
ALTER ROLE postgres PASSWORD NULL;
DROP ROLE IF EXISTS dockwright_adoption;
SELECT format('CREATE ROLE %I', :'owner')
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'owner') \gexec
ALTER ROLE :"owner" NOLOGIN PASSWORD NULL;
SELECT format('CREATE ROLE %I LOGIN CONNECTION LIMIT 5', :'health')
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'health') \gexec
SELECT format('CREATE DATABASE %I', :'database')
 WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'database') \gexec
ALTER DATABASE :"database" OWNER TO :"owner";
REVOKE ALL ON DATABASE :"database" FROM PUBLIC;
GRANT CONNECT ON DATABASE :"database" TO :"health", pg_monitor;
\connect :"database"
ALTER SCHEMA public OWNER TO :"owner";
SQL
  create_extensions
} | docker exec -i "$CONTAINER" psql -X -q -v ON_ERROR_STOP=1 -U postgres -d postgres \
  -v database="$DATABASE" -v owner="$OWNER" -v health="$HEALTH_ROLE" >/dev/null

#!/bin/sh
# Starts the official entrypoint. It insists on a superuser password for a fresh cluster and exports it into the
# server's environment, so it gets a throw-away one that postgres-roles.sh removes; nobody ever needs it.
set -eu
data=${PGDATA:-/var/lib/postgresql/data}
if [ ! -s "$data/PG_VERSION" ]; then
  umask 077
  head -c 32 /dev/urandom | base64 >/tmp/initial-password
  export POSTGRES_PASSWORD_FILE=/tmp/initial-password
fi
exec docker-entrypoint.sh postgres -c config_file=/etc/dockwright/postgresql.conf -c data_directory="$data"

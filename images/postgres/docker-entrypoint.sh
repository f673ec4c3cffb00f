#!/bin/bash
# Starts PostgreSQL; an empty PGDATA is initialised first, from the variables of the official image:
# POSTGRES_PASSWORD, POSTGRES_USER, POSTGRES_DB, POSTGRES_INITDB_ARGS (each also as *_FILE),
# POSTGRES_INITDB_WALDIR, POSTGRES_HOST_AUTH_METHOD, and the scripts in /docker-entrypoint-initdb.d.
set -Eeo pipefail

fail() {
  printf 'error: %s\n' "$*" >&2
  exit 1
}

# from_file VARIABLE [DEFAULT]: the value comes from the variable or from the file that VARIABLE_FILE names.
from_file() {
  local variable=$1 file_variable=$1_FILE value=${2:-}
  if [ -n "${!variable:-}" ] && [ -n "${!file_variable:-}" ]; then
    fail "$variable and $file_variable are both set; want one of them"
  fi
  if [ -n "${!variable:-}" ]; then
    value=${!variable}
  elif [ -n "${!file_variable:-}" ]; then
    value=$(<"${!file_variable}")
  fi
  export "$variable"="$value"
  unset "$file_variable"
}

# Scripts may call this with further psql arguments, as in the official image.
docker_process_sql() {
  psql -v ON_ERROR_STOP=1 --no-password --no-psqlrc --username "$POSTGRES_USER" \
    ${POSTGRES_DB:+--dbname "$POSTGRES_DB"} "$@"
}

run_init_scripts() {
  local script
  for script in /docker-entrypoint-initdb.d/*; do
    case $script in
      *.sh)
        if [ -x "$script" ]; then
          echo "running $script"
          "$script"
        else
          echo "sourcing $script"
          # shellcheck source=/dev/null
          . "$script"
        fi
        ;;
      *.sql) echo "running $script"; docker_process_sql --file "$script" ;;
      *.sql.gz) echo "running $script"; gunzip --stdout "$script" | docker_process_sql ;;
      *.sql.xz) echo "running $script"; xzcat "$script" | docker_process_sql ;;
      *.sql.zst) echo "running $script"; zstd --decompress --stdout "$script" | docker_process_sql ;;
      */\*) ;;
      *) echo "ignoring $script" ;;
    esac
  done
}

initialise() {
  local method=${POSTGRES_HOST_AUTH_METHOD:-} arguments=()
  if [ -z "$POSTGRES_PASSWORD" ] && [ "$method" != trust ]; then
    fail 'the data folder is empty and no superuser password is given; set POSTGRES_PASSWORD or POSTGRES_PASSWORD_FILE'
  fi
  # The official image splits these as a shell would, quotes included.
  eval "arguments=($POSTGRES_INITDB_ARGS)"
  if [ -n "${POSTGRES_INITDB_WALDIR:-}" ]; then
    arguments+=(--waldir "$POSTGRES_INITDB_WALDIR")
  fi
  initdb --username "$POSTGRES_USER" --pwfile <(printf '%s\n' "$POSTGRES_PASSWORD") "${arguments[@]}"

  shift # the word postgres: what follows are the server's options
  [ -n "$method" ] || method=$(postgres -C password_encryption "$@")
  printf '\nhost all all all %s\n' "$method" >>"$PGDATA/pg_hba.conf"

  # During the scripts the server answers on its socket only, so nobody mistakes it for the finished one.
  export PGPASSWORD=$POSTGRES_PASSWORD
  unset PGHOST PGHOSTADDR
  pg_ctl --wait start -o "$(printf '%q ' "$@" -c listen_addresses= -p "${PGPORT:-5432}")"
  if [ "$POSTGRES_DB" != postgres ]; then
    docker_process_sql --dbname postgres --set db="$POSTGRES_DB" <<<'CREATE DATABASE :"db";'
  fi
  run_init_scripts
  pg_ctl --mode fast --wait stop
  unset PGPASSWORD
  echo 'PostgreSQL init process complete; ready for start up.'
}

main() {
  if [[ ${1:-} == -* ]]; then
    set -- postgres "$@"
  fi
  if [ "${1:-}" != postgres ] || [[ " $* " =~ \ (--help|-\?|--version|-V|--describe-config)\  ]]; then
    exec "$@"
  fi

  mkdir -p "$PGDATA" /var/run/postgresql || true
  if [ "$(id -u)" = 0 ]; then
    find "$PGDATA" /var/run/postgresql ! -user postgres -exec chown postgres {} +
    chmod 700 "$PGDATA"
    chmod 3775 /var/run/postgresql
    exec setpriv --reuid postgres --regid postgres --init-groups -- "$BASH" "$0" "$@"
  fi
  chmod 700 "$PGDATA" || true
  chmod 3775 /var/run/postgresql || true

  if [ -s "$PGDATA/PG_VERSION" ]; then
    echo 'PostgreSQL database directory appears to contain a database; skipping initialisation.'
  else
    from_file POSTGRES_PASSWORD
    from_file POSTGRES_USER postgres
    from_file POSTGRES_DB "$POSTGRES_USER"
    from_file POSTGRES_INITDB_ARGS
    initialise "$@"
  fi
  exec "$@"
}

main "$@"

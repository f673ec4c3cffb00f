# shellcheck shell=sh
# Opens the sessions in which the superuser administers. An application may set what it likes for sessions of its
# database, and make functions and operators there: so everything is done in the database postgres, which applications
# cannot enter, and nothing is found but what is PostgreSQL's own.
ADMINISTRATION=postgres
OWN_OPTIONS='-c search_path=pg_catalog -c lock_timeout=30s -c client_min_messages=warning'

# Sets `mark`, the comment by which a role is known as a login that was made here: nobody but the superuser writes it,
# and a data volume keeps its identifier wherever it is copied to.
# shellcheck disable=SC2034 # for the scripts behind this one
SET_MARK="SELECT 'dockwright login of cluster ' || system_identifier AS mark FROM pg_catalog.pg_control_system() \\gset"

# session OPTIONS DATABASE ROLE ARGUMENT…: psql, with statements on standard input. Whoever reaches the server can take all
# slots without a password, each until authentication_timeout, also those for superusers: it tries for a minute to get one.
session() {
  options=$1 database=$2 role=$3
  shift 3
  statements=$(cat)
  give_up=$(($(date +%s) + 60))
  while :; do
    code=0
    # As a variable a name is no connection string, whatever it looks like.
    { complaint=$(printf '%s\n' "$statements" | docker exec -i "$CONTAINER" env PGOPTIONS="$options" \
      PGDATABASE="$database" psql -X -q -tA -v ON_ERROR_STOP=1 -U "$role" "$@" 2>&1 >&3) || code=$?; } 3>&1
    case $complaint in
      *"too many clients already"*) [ "$(date +%s)" -ge "$give_up" ] || { sleep 0.3; continue; } ;;
    esac
    [ -z "$complaint" ] || printf '%s\n' "$complaint" >&2
    return "$code"
  done
}

# administer_as ROLE ARGUMENT…
administer_as() {
  session "$OWN_OPTIONS" "$ADMINISTRATION" "$@"
}

# administer ARGUMENT…
administer() {
  administer_as postgres "$@"
}

# options_in DATABASE ROLE: options that give every parameter which is set for sessions of that database the value that
# it has in the database postgres
options_in() {
  administer_as "$2" -v database="$1" <<'SQL'
SELECT pg_catalog.string_agg(
         '-c ' || name || '=' || pg_catalog.regexp_replace(value, '([\\\s])', '\\\1', 'g'), ' ')
  FROM (SELECT DISTINCT pg_catalog.split_part(setting, '=', 1) AS name
          FROM pg_catalog.pg_db_role_setting
          JOIN pg_catalog.pg_database ON pg_database.oid = setdatabase
         CROSS JOIN pg_catalog.unnest(setconfig) AS setting
         WHERE datname = :'database') AS settings
 CROSS JOIN pg_catalog.current_setting(name, true) AS value
 WHERE value IS NOT NULL
SQL
}

# administer_in DATABASE ROLE ARGUMENT…: for what can be done nowhere else
administer_in() {
  within=$1 as=$2
  shift 2
  theirs=$(options_in "$within" "$as") || return
  session "$theirs $OWN_OPTIONS" "$within" "$as" "$@"
}

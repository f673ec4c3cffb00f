# shellcheck shell=sh
# Takes LOGIN back: no new session and the running ones ended, whatever it has or holds; then its rights and the role
# itself go, and what it owns in any database becomes OWNER's. Needs postgres-session.sh in front.
can_revoke || exit 0

# The lock keeps out all who want to change a role, and only once they wait can a login not hold its own any more by
# changing it in ever new sessions.
bar_login() {
  administer -v login="$LOGIN" <<'SQL'
BEGIN;
LOCK TABLE pg_catalog.pg_authid IN SHARE ROW EXCLUSIVE MODE;
SELECT pg_catalog.format('ALTER ROLE %I NOLOGIN PASSWORD NULL', rolname)
  FROM pg_catalog.pg_roles WHERE rolname = :'login' \gexec
COMMIT;
SQL
}

# Ends, until the login is barred, its sessions, and after a second those of others that bar_login has to wait for.
make_way() {
  administer -v login="$LOGIN" <<'SQL'
SELECT pg_catalog.set_config('dockwright.login', :'login', false) \g /dev/null
DO $$
DECLARE
  login CONSTANT text := pg_catalog.current_setting('dockwright.login');
  deadline CONSTANT timestamptz := pg_catalog.clock_timestamp() + interval '40 s';
BEGIN
  WHILE pg_catalog.clock_timestamp() < deadline
    AND EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = login AND rolcanlogin)
  LOOP
    PERFORM pg_catalog.pg_stat_clear_snapshot();
    PERFORM pg_catalog.pg_terminate_backend(pid) FROM pg_catalog.pg_stat_activity WHERE usename = login;
    PERFORM pg_catalog.pg_terminate_backend(activity.pid)
       FROM pg_catalog.pg_locks AS waiting
      CROSS JOIN LATERAL pg_catalog.unnest(pg_catalog.pg_blocking_pids(waiting.pid)) AS blocking (pid)
       JOIN pg_catalog.pg_stat_activity AS activity ON activity.pid = blocking.pid
       LEFT JOIN pg_catalog.pg_roles ON pg_roles.oid = usesysid
      WHERE relation = 'pg_catalog.pg_authid'::pg_catalog.regclass AND mode = 'ShareRowExclusiveLock' AND NOT granted
        AND waitstart < pg_catalog.clock_timestamp() - interval '1 s'
        AND usesysid IS NOT NULL AND rolsuper IS NOT TRUE;
    PERFORM pg_catalog.pg_sleep(0.05);
  END LOOP;
END $$;
SQL
}

# Ends the sessions of the login, and of any whose role is gone. One that has set post_auth_delay has proved its password
# and is not in pg_stat_activity yet, so nobody can tell whose it is: whoever was on the way in when the login was barred
# has five seconds to arrive, or is ended, too.
end_sessions() {
  administer -v login="$LOGIN" <<'SQL'
SELECT pg_catalog.set_config('dockwright.login', :'login', false) \g /dev/null
CREATE TEMPORARY VIEW arriving AS
SELECT DISTINCT pid FROM pg_catalog.pg_locks
 WHERE pid IS NOT NULL
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_stat_activity AS activity
                    WHERE activity.pid = pg_locks.pid
                      AND (usesysid IS NOT NULL OR backend_type <> 'client backend'));
CREATE TEMPORARY VIEW barred AS
SELECT pid FROM pg_catalog.pg_stat_activity
 WHERE usename = pg_catalog.current_setting('dockwright.login') OR usesysid IS NOT NULL AND usename IS NULL;
DO $$
DECLARE
  began CONSTANT timestamptz := pg_catalog.clock_timestamp();
  suspects CONSTANT int[] := ARRAY(SELECT pid FROM pg_temp.arriving);
BEGIN
  LOOP
    PERFORM pg_catalog.pg_stat_clear_snapshot();
    EXIT WHEN NOT EXISTS (SELECT FROM pg_temp.barred)
      AND NOT EXISTS (SELECT FROM pg_temp.arriving WHERE pid = ANY (suspects));
    IF pg_catalog.clock_timestamp() > began + interval '30 s' THEN
      RAISE EXCEPTION 'sessions do not end';
    END IF;
    PERFORM pg_catalog.pg_terminate_backend(pid) FROM pg_temp.barred;
    IF pg_catalog.clock_timestamp() > began + interval '5 s' THEN
      PERFORM pg_catalog.pg_terminate_backend(pid) FROM pg_temp.arriving WHERE pid = ANY (suspects);
    END IF;
    PERFORM pg_catalog.pg_sleep(0.1);
  END LOOP;
END $$;
SQL
}

# The second session ends only once the first has done its part, or later than it would give up.
lock_out() {
  bar_login &
  barring=$!
  make_way || true
  wait "$barring" && end_sessions
}

# Drops the role where nothing depends on it; else prints the databases in which something does, that of administration
# for what they share.
drop_free_role() {
  administer -v login="$LOGIN" <<'SQL'
SELECT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = :'login') AS known \gset
\if :known
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

warn() {
  say "warning: $SERVICE: $LOGIN can log in no more, but its role still stands: the next up tries again." \
    "After \"out of shared memory\" raise max_locks_per_transaction first (docs/security.md)"
}

tries=3
until lock_out; do
  tries=$((tries - 1))
  [ "$tries" -gt 0 ] || fail "$SERVICE: $LOGIN could not be revoked: docs/security.md tells how to bar it by hand"
done
dependent=$(drop_free_role) || { warn; exit 0; }
[ -n "$dependent" ] || exit 0

printf '%s\n' "$dependent" | while IFS= read -r name; do hand_over "$name" || true; done
drop_role || warn

# shellcheck shell=sh
# Runs inside the server, one at a time. Puts the user $2, a line on standard input, into the list of users, or removes
# it, and returns when the server has loaded the list; it refuses, and changes nothing, where the list would not load.
set -eu
umask 077
change=$1
login=$2
folder=/var/tmp/logins
exec 9>"$folder/lock"
flock 9

loaded_at() {
  wget -q -T 2 -O - http://127.0.0.1:8222/varz | sed -n 's/.*"config_load_time": *"\([^"]*\)".*/\1/p'
}

has_loaded_since() {
  now=$(loaded_at) && [ -n "$now" ] && [ "$now" != "$1" ]
}

{
  echo 'users: ['
  grep '^{' "$folder/users.conf" | grep -vF "\"user\":\"$login\"" || true
  [ "$change" = remove ] || cat
  echo ']'
} | dd of="$folder/users.next.conf" conv=fsync 2>/dev/null
problem=$(nats-server -t -c /etc/dockwright/next.conf 2>&1) || { echo "$problem" >&2; exit 1; }

before=$(loaded_at)
mv "$folder/users.next.conf" "$folder/users.conf"
kill -HUP 1
tries=200
until has_loaded_since "$before"; do
  tries=$((tries - 1))
  [ "$tries" -gt 0 ] || { echo "the server did not load its new list of users" >&2; exit 1; }
  sleep 0.05
done

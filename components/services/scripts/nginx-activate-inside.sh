# shellcheck shell=sh
# Runs inside the edge, one at a time. A configuration is a folder named by the hash of its content; it becomes current
# by renaming a link, after nginx has accepted the whole of it. The two before it are kept.
set -eu
umask 077
piece=$1
change=$2
store=/var/cache/nginx
status=http://127.0.0.1:$NGINX_STATUS_PORT
next=$store/next.$$
exec 9>"$store/lock"
flock 9
trap 'rm -rf "$next" "$next.link"' EXIT

get() {
  if command -v curl >/dev/null; then curl -fsS -m 2 "$1"; else wget -q -T 2 -O - "$1"; fi
}

wait_until() {
  tries=150
  until "$@" >/dev/null 2>&1; do
    tries=$((tries - 1))
    [ "$tries" -gt 0 ] || { echo "nginx did not get as far as: $*" >&2; return 1; }
    sleep 0.1
  done
}

is_served() {
  [ "$(get "$status/version")" = "$1" ]
}

all_workers() {
  grep -l '^nginx: worker process' /proc/[0-9]*/cmdline 2>/dev/null || true
}

# Workers that take new connections.
workers() {
  all_workers | while read -r file; do
    grep -q 'shutting down' "$file" 2>/dev/null || echo "$file"
  done
}

# Old and new workers serve side by side for a moment.
old_ones_retired() {
  ! workers | grep -qxF "$1"
}

# An idle connection stays with the worker that has it for as long as nginx keeps it, and workers from before know only
# containers that may be stopped next. One with a WebSocket or a download stays longer: that is not waited for.
outlive_idle_connections() {
  seconds=$(sed -n 's/^ *keepalive_timeout \([0-9]*\)s;$/\1/p' "$store/current/nginx.conf")
  tries=$(((${seconds:-0} + 1) * 10))
  while [ "$tries" -gt 0 ] && all_workers | grep -qxF "$1"; do
    tries=$((tries - 1))
    sleep 0.1
  done
}

folder_of_piece() {
  if [ "$piece" = config ]; then echo "$next"; else echo "$next/routes/$piece"; fi
}

# Files that the new piece no longer has, such as a key, go.
unpack() {
  mkdir -p "$1"
  rm -f "$1"/*.conf "$1"/*.pem
  awk -v folder="$1" '/^@@file / { file = folder "/" $2; printf "" >file; next } { print >file }'
}

# Makes the folder $next the current configuration.
activate() {
  rm -f "$next/version.conf"
  hash=$(cd "$next" && find . -type f -exec sha256sum {} + | sort | sha256sum | cut -c 1-16)
  printf 'location = /version {\n  return 200 "%s";\n}\n' "$hash" >"$next/version.conf"
  [ "$(readlink "$store/current")" != "versions/$hash" ] || { is_served "$hash" && return; }
  target=$store/versions/$hash
  [ -d "$target" ] || cp -R "$next" "$target"
  nginx -t -q -c "$target/nginx.conf" || { rm -rf "$target"; return 1; }
  ln -s "versions/$hash" "$next.link"
  mv -T "$next.link" "$store/current"
  old_workers=$(workers)
  kill -HUP 1
  wait_until is_served "$hash"
  wait_until old_ones_retired "$old_workers"
}

mkdir "$next"
[ "$(readlink "$store/current")" = versions/boot ] || cp -R "$store/current/." "$next"
folder=$(folder_of_piece)
old_servers=$(cat "$folder/servers.conf" 2>/dev/null || true)
if [ "$change" = remove ]; then
  rm -rf "$folder"
  activate
  exit 0
fi
unpack "$folder"

if [ "$piece" != config ]; then
  # Names that nginx has not resolved yet serve nothing, so the old containers stay until the new ones answer.
  retiring=$(printf '%s\n' "$old_servers" | grep -vxFf "$folder/servers.conf" || true)
  if [ -n "$retiring" ]; then
    printf '%s\n' "$retiring" >"$folder/retiring.conf"
    activate
    wait_until get "$status/probe/$piece"
    rm "$folder/retiring.conf"
  fi
fi
workers_before=$(all_workers)
activate
[ "$piece" = config ] || wait_until get "$status/probe/$piece"

# shellcheck disable=SC2012 # names are hashes
ls -1t "$store/versions" | tail -n +4 | while read -r old; do
  [ "versions/$old" = "$(readlink "$store/current")" ] || rm -rf "$store/versions/${old:?}"
done

if [ -n "${retiring:-}" ]; then
  exec 9>&- # the next piece need not wait for it
  outlive_idle_connections "$workers_before"
fi

#!/bin/sh
# Starts Redis with two local identities whose passwords exist only in memory, made anew at every start.
# The logins of the services stay as they are in the ACL file on the data volume.
set -eu
umask 077
run=/run/dockwright
acl=/data/users.acl

new_password() {
  head -c 32 /dev/urandom | sha256sum | cut -d ' ' -f 1 >"$run/$1"
}
hash_of() {
  printf '%s' "$(cat "$run/$1")" | sha256sum | cut -d ' ' -f 1
}

new_password admin
new_password health
{
  echo "user default off"
  echo "user dockwright-admin on #$(hash_of admin) ~* &* +@all"
  echo "user dockwright-health on #$(hash_of health) +ping +info"
  [ ! -f "$acl" ] || grep -Ev '^user (default|dockwright-admin|dockwright-health) ' "$acl" || true
} >"$acl.new"
mv "$acl.new" "$acl"
exec redis-server /etc/dockwright/redis.conf

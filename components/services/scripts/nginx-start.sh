#!/bin/sh
# Starts nginx on the configuration activated last, or on the boot configuration when there is none yet.
set -eu
store=/var/cache/nginx
# Bodies of requests that an nginx before this one had no time to remove.
rm -rf "$store/client_body" "$store/proxy"
if [ ! -e "$store/current/nginx.conf" ]; then
  mkdir -p "$store/versions/boot"
  cp /etc/dockwright/boot.conf "$store/versions/boot/nginx.conf"
  ln -sfn versions/boot "$store/current"
fi
exec nginx -c "$store/current/nginx.conf" -g 'daemon off;'

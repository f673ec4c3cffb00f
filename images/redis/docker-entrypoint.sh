#!/bin/sh
# Starts Redis. Options or a configuration file alone mean redis-server; root gives way to the user redis.
set -e

case ${1:-} in
  -* | *.conf) set -- redis-server "$@" ;;
esac

if [ "${1:-}" = redis-server ] && [ "$(id -u)" = 0 ]; then
  find . ! -user redis -exec chown redis {} +
  exec setpriv --reuid redis --regid redis --init-groups -- "$0" "$@"
fi

# Data files are for their owner only, unless the container asks for another mask.
if [ "$(umask)" = 0022 ]; then
  umask 0077
fi
exec "$@"

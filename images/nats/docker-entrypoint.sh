#!/bin/sh
# Starts NATS. Options alone, or nothing, mean nats-server.
set -e

case ${1:--} in
  -*) set -- nats-server "$@" ;;
esac
exec "$@"

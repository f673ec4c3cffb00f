#!/bin/sh
# Healthy: it answers an authenticated user, has loaded its data, and its last write to the append-only file worked.
answer=$({
  printf 'AUTH dockwright-health %s\n' "$(cat /run/dockwright/health)"
  printf 'PING\nINFO persistence\n'
} | redis-cli 2>&1)
for sign in PONG loading:0 aof_last_write_status:ok; do
  case $answer in
    *"$sign"*) ;;
    *)
      echo "no $sign from Redis"
      exit 1
      ;;
  esac
done

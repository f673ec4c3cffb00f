#!/bin/sh
# Before nginx starts, runs /docker-entrypoint.d: executable *.sh files, and *.envsh files in this shell.
set -e

case ${1:-} in
  nginx | nginx-debug)
    for script in /docker-entrypoint.d/*; do
      case $script in
        *.envsh)
          # shellcheck source=/dev/null
          if [ -x "$script" ]; then . "$script"; fi
          ;;
        *.sh) if [ -x "$script" ]; then "$script"; fi ;;
      esac
    done
    ;;
esac
exec "$@"

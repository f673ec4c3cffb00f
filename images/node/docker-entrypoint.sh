#!/bin/sh
# Runs the command; an option, an unknown word, or a file that cannot be executed (a script) goes to node.
set -e

case ${1:-} in
  -*) set -- node "$@" ;;
  *)
    if ! command -v "${1:-}" >/dev/null || { [ -f "${1:-}" ] && [ ! -x "${1:-}" ]; }; then
      set -- node "$@"
    fi
    ;;
esac
exec "$@"

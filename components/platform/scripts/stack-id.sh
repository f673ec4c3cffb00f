# shellcheck shell=sh
# Prints the stack's id: the one that it has, else the one that `./dev up --adopt` takes over, else a new one.
set -eu
before=${PULUMI_COMMAND_STDOUT:-${DOCKWRIGHT_STACK_ID:-}}
printf '%s' "${before:-$(od -An -v -N 8 -tx1 /dev/urandom | tr -d ' \n')}"

# shellcheck shell=sh
# Prints the stack's id: the one that it has, else what `./dev up --adopt` says, else a new one.
set -eu
before=${PULUMI_COMMAND_STDOUT:-${DOCKWRIGHT_STACK_ID:-}}
printf '%s' "${before:-$(od -An -v -N 8 -tx1 /dev/urandom | tr -d ' \n')}"

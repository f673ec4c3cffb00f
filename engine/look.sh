#!/usr/bin/env bash
# Says what ensure.sh would do, and changes nothing. Prints the PULUMI_HOME that is ready, else `official` or `built` for
# how it would be made; fails with the reason when it could not be made.
set -euo pipefail

# shellcheck source=common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
# shellcheck source=official.sh
. "$here/official.sh"

find_ready && exit

PROBE_SECONDS=1.5
if [ "$MODE" = official ] || { [ -z "$MODE" ] && official_answers; }; then
  for tool in curl tar; do
    command -v "$tool" >/dev/null || die "downloading Pulumi needs $tool"
  done
  echo official
else
  choose_go
  echo built
fi

#!/usr/bin/env bash
# Checks every shell script of the repository.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
scripts=(dev .ci/run bench/compose/*.sh scripts/*.sh scripts/lib/*.sh engine/*.sh images/*.sh components/*/scripts/*.sh)
exec shellcheck --external-sources --source-path SCRIPTDIR "${scripts[@]}"

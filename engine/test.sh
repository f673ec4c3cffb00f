#!/usr/bin/env bash
# Tests of the engine's own code; arguments go to `go test`. ensure_test.sh needs no network and no Go.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
# The flags of ensure.sh, so that tests and builds share one compile cache. Vet is left out: it would first go through
# every package that the engine is made of, which takes longer than building them.
GOWORK=off CGO_ENABLED=0 go test -mod=readonly -trimpath -vet=off "$@" ./...
./ensure_test.sh

#!/usr/bin/env bash
# Tests of the engine's own code; arguments go to `go test`. ensure_test.sh needs no network and no Go.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
# The flags of ensure.sh, so that tests and builds share one compile cache.
export GOWORK=off CGO_ENABLED=0
go vet -mod=readonly -trimpath ./...
go test -mod=readonly -trimpath "$@" ./...
./ensure_test.sh

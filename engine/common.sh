# shellcheck shell=bash
# shellcheck disable=SC2034 # what these set is read by the scripts that source this
# Where the engine is kept and under which name: what ensure.sh and look.sh share.

MODE=${DOCKWRIGHT_ENGINE:-}

say() { printf 'engine: %s\n' "$*" >&2; }
die() { say "$*"; exit 1; }

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cache=${DOCKWRIGHT_CACHE_DIR:-${XDG_CACHE_HOME:-$HOME/.cache}/dockwright}/engine
# shellcheck source=versions.env
. "$here/versions.env"

case $MODE in official | built | '') ;; *) die "DOCKWRIGHT_ENGINE: want official or built, got $MODE" ;; esac

sha256() { if command -v sha256sum >/dev/null; then sha256sum "$@"; else shasum -a 256 "$@"; fi; }

# Asked of the installed Go itself: in a module folder it might fetch another one first.
go_version() { command -v go >/dev/null && GOTOOLCHAIN=local go env GOVERSION || echo none; }

# What a built engine is made from. Only what decides the result counts: a stray file, a test or a message in this
# script rebuilds nothing.
sources() {
  (
    cd "$here" || exit
    find . \( -name '*.go' ! -name '*_test.go' -o -name go.mod -o -name go.sum -o -name build.sh \) -type f |
      LC_ALL=C sort | { set --; while IFS= read -r file; do set -- "$@" "$file"; done; sha256 "$@"; }
  )
}

key() { # MODE: of the released engine, only the versions count
  {
    echo "$1"
    uname -sm
    cat "$here/versions.env"
    [ "$1" = official ] || { sources && go_version; }
  } | sha256 | cut -c 1-16
}

ready() { [ -f "$1/.ready" ] && [ -x "$1/bin/pulumi" ]; }

# find_ready: prints the home of an engine that can be used at once.
find_ready() {
  local mode home
  for mode in ${MODE:-official built}; do
    home=$cache/$(key "$mode")
    if ready "$home"; then
      printf '%s\n' "$home"
      return
    fi
  done
  return 1
}

# Any Go from 1.21 on fetches the newer one it needs through its module proxy.
choose_go() {
  local have need major minor
  need=$(sed -n 's/^go //p' "$here/go.mod")
  have=$(go_version)
  IFS=. read -r major minor _ <<<"${have#go}.0"
  minor=${minor%%[!0-9]*}
  if [ "$have" = none ] || [ "$major" -eq 1 ] && [ "${minor:-0}" -lt 21 ]; then
    die "building Pulumi needs Go 1.25 or newer, and $( [ "$have" = none ] && echo 'there is none on PATH' || echo "this is $have" ).
        Debian or Ubuntu: apt-get install golang-1.25-go (or newer; Debian 12: from bookworm-backports), then put /usr/lib/go-1.25/bin on PATH.
        macOS: brew install go. Anywhere: https://go.dev/dl. Any Go from 1.21 on will do: it fetches $need itself."
  fi
  if [ "$(printf '%s\n' "$need" "${have#go}" | sort -t. -k1,1n -k2,2n -k3,3n | head -n 1)" != "$need" ]; then
    say "this is $have; Go fetches $need for itself"
    export GOTOOLCHAIN="go$need"
  fi
}

#!/usr/bin/env bash
# Tests of ensure.sh over a made-up release, which it takes for the official one: a shell script that answers as the CLI.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

mkdir -p "$work/pulumi" "$work/releases/sdk" "$work/releases/plugins"
cat >"$work/pulumi/pulumi" <<'CLI'
#!/bin/sh
case "$1 $2" in
"version ") echo "v3.258.0" ;;
"plugin install") sleep "${FAKE_SLOW:-0}"; mkdir -p "$PULUMI_HOME/plugins/$4-v$5" ;;
"package get-schema") echo "{\"version\": \"${3#*@}\"}" ;;
esac
CLI
echo 'exit 0' >"$work/pulumi/pulumi-language-nodejs"
chmod +x "$work/pulumi/"*
system=$(uname -s | tr '[:upper:]' '[:lower:]')
case $(uname -m) in x86_64 | amd64) arch=amd64 ;; *) arch=arm64 ;; esac
archive=$work/releases/sdk/pulumi-v3.258.0-$system-${arch/amd64/x64}.tar.gz
tar -czf "$archive" -C "$work" pulumi
(cd "$work/releases/sdk" && shasum -a 256 ./*.tar.gz >pulumi-3.258.0-checksums.txt)
for plugin in docker-v5.2.0 random-v4.21.2 command-v1.2.1; do
  tar -czf "$work/releases/plugins/pulumi-resource-$plugin-$system-$arch.tar.gz" -C "$work" pulumi
done
export DOCKWRIGHT_PULUMI_RELEASES_URL=file://$work/releases

failed=0
check() { # WHAT CONDITION…
  local what=$1
  shift
  if "$@"; then echo "ok    $what"; else echo "FAIL  $what"; failed=1; fi
}
fresh() { export DOCKWRIGHT_CACHE_DIR=$work/cache.$1; }
# shellcheck disable=SC2317 # called through check
says() { grep -q "$1" "$work/err"; }
ensure() { "$here/ensure.sh" 2>"$work/err"; }

fresh official
home=$(ensure)
check "the official engine is taken where it answers" says 'using the official'
check "standard output is the home and nothing else" [ -x "$home/bin/pulumi" ]
check "the plugins are installed in it" [ -d "$home/plugins/docker-v5.2.0" ]
check "plugins without a published checksum are named" says 'no checksums are published for docker random command'
check "a second call gives the same home" [ "$(ensure)" = "$home" ]
check "and says nothing" [ ! -s "$work/err" ]
check "no lock and no half-made engine stay" [ "$(find "$DOCKWRIGHT_CACHE_DIR/engine" -maxdepth 1 -name '*.lock' -o -maxdepth 1 -name '*.work.*' | wc -l)" -eq 0 ]

fresh forced
mv "$archive" "$archive.gone"
check "an official engine that cannot be had is an error when asked for" [ "$(DOCKWRIGHT_ENGINE=official ensure || echo none)" = none ]
check "which names the step" says 'failed after .*: downloading Pulumi'
mv "$archive.gone" "$archive"
check "and the next call succeeds" [ -x "$(ensure)/bin/pulumi" ]
check "an unknown choice is an error" [ "$(DOCKWRIGHT_ENGINE=other ensure || echo none)" = none ]

fresh together
(FAKE_SLOW=1 "$here/ensure.sh" >"$work/one" 2>"$work/one.err") &
first=$!
until ls "$DOCKWRIGHT_CACHE_DIR"/engine/*.lock/pid >/dev/null 2>&1; do sleep 0.1; done
second=$(ensure)
wait "$first"
check "two calls at once make one engine" [ "$(cat "$work/one")" = "$second" ]
check "the second says that it waits" says 'waiting for another call'

fresh killed
set -m
(FAKE_SLOW=60 exec "$here/ensure.sh" >/dev/null 2>&1) &
victim=$!
set +m
until ls -d "$DOCKWRIGHT_CACHE_DIR"/engine/*.work.*/home/bin/pulumi >/dev/null 2>&1; do sleep 0.1; done
kill -9 -- "-$victim"
wait "$victim" 2>/dev/null || true
check "a call after kill -9 succeeds" [ -x "$(ensure)/bin/pulumi" ]
check "having removed the dead one's lock" says 'removing the lock of a call that died'
check "and its leftovers" [ "$(find "$DOCKWRIGHT_CACHE_DIR/engine" -maxdepth 1 -name '*.work.*' | wc -l)" -eq 0 ]

exit $failed

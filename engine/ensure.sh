#!/usr/bin/env bash
# Makes the pinned Pulumi engine ready and prints its PULUMI_HOME, the only line on standard output.
#
#   home=$(engine/ensure.sh) && PULUMI_HOME=$home PATH=$home/bin:$PATH pulumi version
#
# The official CLI and plugins are downloaded where the releases can be reached; elsewhere the same versions are built
# from Go modules. Either way the result is cached, and a later call only looks for its stamp.
#
#   DOCKWRIGHT_ENGINE                 official or built: no probe, no fallback
#   DOCKWRIGHT_PULUMI_RELEASES_URL    where the CLI archives are, instead of Pulumi's own place
#   DOCKWRIGHT_CACHE_DIR              where the engine is kept, instead of ~/.cache/dockwright
#
# Kept to bash 3.2 and BSD tools: it runs on a stock macOS.
set -euo pipefail
exec 3>&1 1>&2

PULUMI=3.258.0
PLUGINS="docker@5.2.0 random@4.21.2 command@1.2.1"
RELEASES=${DOCKWRIGHT_PULUMI_RELEASES_URL:-https://get.pulumi.com/releases/sdk}
MODE=${DOCKWRIGHT_ENGINE:-}
PROBE_SECONDS=5
WAIT_SECONDS=3600

say() { printf 'engine: %s\n' "$*"; }
die() { say "$*"; exit 1; }

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cache=${DOCKWRIGHT_CACHE_DIR:-${XDG_CACHE_HOME:-$HOME/.cache}/dockwright}/engine

sha256() { if command -v sha256sum >/dev/null; then sha256sum "$@"; else shasum -a 256 "$@"; fi; }

# Asked of the installed Go itself: in a module folder it might fetch another one first.
go_version() { command -v go >/dev/null && GOTOOLCHAIN=local go env GOVERSION || echo none; }

# What an engine is made from. Only what the build reads counts, so a stray file or a changed test rebuilds nothing;
# this script counts, because it holds the versions and the flags.
sources() {
  (
    cd "$here"
    find . \( -name '*.go' ! -name '*_test.go' -o -name go.mod -o -name go.sum -o -name ensure.sh \) -type f |
      LC_ALL=C sort | { set --; while IFS= read -r file; do set -- "$@" "$file"; done; sha256 "$@"; }
    uname -sm
  )
}

key() { # MODE
  { echo "$sources $1"; [ "$1" = official ] || go_version; } | sha256 | cut -c 1-16
}

ready() { [ -f "$1/.ready" ] && [ -x "$1/bin/pulumi" ]; }

took() { # SECONDS_AT_START
  local seconds=$((SECONDS - $1))
  if [ $seconds -ge 60 ]; then echo "$((seconds / 60)) min $((seconds % 60)) s"; else echo "$seconds s"; fi
}

# step WHAT COMMAND…: runs a command with its output in the log, and shows the end of the log when it fails.
step() {
  local what=$1 start=$SECONDS
  shift
  say "$what …"
  if ! "$@" >>"$log" 2>&1; then
    say "failed after $(took "$start"): $what. The end of $log:"
    tail -n 20 "$log" | sed 's/^/  /'
    return 1
  fi
  say "  done in $(took "$start")"
}

# --- one at a time -----------------------------------------------------------------------------------------------------

# A lock is a folder with its holder's process id, since macOS has no flock. It is stale when that process is gone.
holder_lives() { # LOCK
  local pid
  pid=$(cat "$1/pid" 2>/dev/null) || return 1
  case $(ps -p "$pid" -o command= 2>/dev/null) in *ensure.sh*) return 0 ;; *) return 1 ;; esac
}

lock() { # LOCK
  local said='' start=$SECONDS
  until mkdir "$1" 2>/dev/null; do
    if holder_lives "$1"; then
      [ -n "$said" ] || say "waiting for another call (process $(cat "$1/pid" 2>/dev/null || echo '?')) that is making the same engine …"
      said=yes
      [ $((SECONDS - start)) -lt $WAIT_SECONDS ] || die "gave up after $(took "$start") of waiting for $1"
      sleep 1
    else
      break_lock "$1"
    fi
  done
  echo $$ >"$1/pid"
}

# Two callers may find the same stale lock, and the slower one must not break the faster one's new lock: only the holder
# of a second lock looks again and removes the first. That takes milliseconds, so a second lock of a minute is debris.
break_lock() { # LOCK
  if mkdir "$1.break" 2>/dev/null; then
    # The holder may be between its mkdir and its pid.
    sleep 1
    if [ -d "$1" ] && ! holder_lives "$1"; then
      say "removing the lock of a call that died"
      rm -rf "$1"
    fi
    rmdir "$1.break"
  else
    sleep 1
    find "$1.break" -maxdepth 0 -mmin +1 -exec rmdir {} \; 2>/dev/null || true
  fi
}

# --- the two ways ------------------------------------------------------------------------------------------------------

archive_url() {
  local system arch
  system=$(uname -s | tr '[:upper:]' '[:lower:]')
  case $(uname -m) in x86_64 | amd64) arch=x64 ;; *) arch=arm64 ;; esac
  echo "$RELEASES/pulumi-v$PULUMI-$system-$arch.tar.gz"
}

reachable() { command -v curl >/dev/null && curl -fsIL --max-time $PROBE_SECONDS -o /dev/null "$(archive_url)" 2>/dev/null; }

pulumi() { PULUMI_HOME="$work/home" PULUMI_SKIP_UPDATE_CHECK=true "$work/home/bin/pulumi" "$@"; }

make_official() {
  mkdir -p "$work/home" "$work/unpacked"
  step "downloading Pulumi $PULUMI" curl -fsSL --retry 3 --max-time 900 -o "$work/pulumi.tar.gz" "$(archive_url)" || return 1
  step "unpacking it" tar -xzf "$work/pulumi.tar.gz" -C "$work/unpacked" || return 1
  mv "$work/unpacked/pulumi" "$work/home/bin" || return 1
  local plugin
  for plugin in $PLUGINS; do
    step "installing the plugin $plugin" pulumi plugin install resource "${plugin%@*}" "${plugin#*@}" || return 1
  done
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

# The user's GOFLAGS stay in force, except where these flags decide what is built. Without cgo no C compiler is needed.
go_build() { # FOLDER OUTPUT PACKAGE…
  local folder=$1 output=$2
  shift 2
  (cd "$folder" && GOWORK=off CGO_ENABLED=0 go build -mod=readonly -trimpath -buildvcs=false -o "$output" \
    -ldflags "-s -w -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v$PULUMI" "$@")
}

make_built() {
  local src=$work/src bin=$work/home/bin made=$work/made plugin
  mkdir -p "$src" "$bin" "$made"
  cp -R "$here/bridge" "$here/cmd" "$here/command" "$here/host" "$here/shim" "$here/go.mod" "$here/go.sum" "$src" || return 1
  step "building pulumi $PULUMI from Go modules (about 10 min the first time)" \
    go_build "$src" "$made/" github.com/pulumi/pulumi/pkg/v3/cmd/pulumi ./cmd/pulumi-resource-command ./cmd/schemagen || return 1
  step "making the plugins' schemas" "$made/schemagen" "$src/bridge/schema/generated" || return 1
  step "building the plugins docker and random" \
    go_build "$src" "$made/" ./cmd/pulumi-resource-docker ./cmd/pulumi-resource-random || return 1
  step "building the Node.js language host" \
    go_build "$src/host" "$bin/" github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs || return 1
  mv "$made/pulumi" "$bin/" || return 1
  for plugin in $PLUGINS; do
    step "installing the plugin $plugin" pulumi plugin install resource "${plugin%@*}" "${plugin#*@}" \
      --file "$made/pulumi-resource-${plugin%@*}" || return 1
  done
}

# An engine counts only when its parts have answered.
verify() {
  [ "$(pulumi version)" = "v$PULUMI" ] || { echo "the CLI answers $(pulumi version)"; return 1; }
  [ -x "$work/home/bin/pulumi-language-nodejs" ] || { echo "no language host"; return 1; }
  local plugin
  for plugin in $PLUGINS; do
    pulumi package get-schema "$plugin" >"$work/schema.json" || return 1
    tr -d ' \n' <"$work/schema.json" | grep -q "\"version\":\"${plugin#*@}\"" || { echo "$plugin: another version in its schema"; return 1; }
  done
}

make() { # MODE
  local mode=$1 home start=$SECONDS
  home=$cache/$(key "$mode")
  mkdir -p "$cache"
  lock "$home.lock"
  if ! ready "$home"; then
    log=$home.log work=$home.work.$$
    # What a killed call left behind.
    rm -rf "$home" "$home".work.*
    mkdir "$work"
    : >"$log"
    "make_$mode" && step "asking each part for its version" verify && echo "$mode" >"$work/home/.ready" && mv "$work/home" "$home"
    rm -rf "$work"
    ready "$home" && say "ready after $(took "$start"): $home"
  fi
  rm -rf "$home.lock"
  made=$home
  ready "$home"
}

leave() {
  if [ -n "${work:-}" ]; then rm -rf "$work"; fi
  local lock
  for lock in "$cache"/*.lock; do
    if [ "$(cat "$lock/pid" 2>/dev/null)" = $$ ]; then rm -rf "$lock"; fi
  done
}

case $MODE in official | built | '') ;; *) die "DOCKWRIGHT_ENGINE: want official or built, got $MODE" ;; esac

sources=$(sources)
for mode in ${MODE:-official built}; do
  home=$cache/$(key "$mode")
  if ready "$home"; then
    printf '%s\n' "$home" >&3
    exit
  fi
done

trap leave EXIT
trap 'exit 130' INT TERM HUP
made=''
if [ "$MODE" = official ]; then
  say "using the official Pulumi $PULUMI, as DOCKWRIGHT_ENGINE asks"
  make official
elif [ "$MODE" = built ]; then
  say "building Pulumi $PULUMI, as DOCKWRIGHT_ENGINE asks"
  choose_go
  make built
elif reachable; then
  say "using the official Pulumi $PULUMI: $RELEASES answers"
  if ! make official; then
    say "the official one cannot be had completely, so it is built from Go modules"
    choose_go
    make built
  fi
else
  say "building Pulumi $PULUMI from Go modules: $RELEASES does not answer within $PROBE_SECONDS s"
  choose_go
  make built
fi
printf '%s\n' "$made" >&3

#!/usr/bin/env bash
# Makes the pinned Pulumi engine ready and prints its PULUMI_HOME, the only line on standard output.
#
#   home=$(engine/ensure.sh) && PULUMI_HOME=$home PATH=$home/bin:$PATH pulumi version
#
# The official CLI and plugins are downloaded where the releases can be reached; elsewhere the same versions are built
# from Go modules. Either way the result is cached, and a later call only looks for its stamp.
#
#   DOCKWRIGHT_ENGINE                 official or built: no probe, no fallback
#   DOCKWRIGHT_PULUMI_RELEASES_URL    a mirror with the folders sdk and plugins, instead of get.pulumi.com/releases
#   DOCKWRIGHT_CACHE_DIR              where the engine is kept, instead of ~/.cache/dockwright
#
# Kept to bash 3.2 and BSD tools: it runs on a stock macOS.
set -euo pipefail
exec 3>&1 1>&2

# shellcheck source=common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
# shellcheck source=lock.sh
. "$here/lock.sh"
# shellcheck source=official.sh
. "$here/official.sh"
# shellcheck source=build.sh
. "$here/build.sh"

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

pulumi() { PULUMI_HOME="$work/home" PULUMI_SKIP_UPDATE_CHECK=true "$work/home/bin/pulumi" "$@"; }

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
  release_own_locks "$cache"
}

find_ready >&3 && exit

trap leave EXIT
trap 'exit 130' INT TERM HUP
made=''
if [ "$MODE" = official ]; then
  cli_archive >/dev/null || die "no Pulumi is released for $(uname -sm)"
  say "using the official Pulumi $PULUMI, as DOCKWRIGHT_ENGINE asks"
  make official
elif [ "$MODE" = built ]; then
  say "building Pulumi $PULUMI, as DOCKWRIGHT_ENGINE asks"
  choose_go
  make built
elif official_answers; then
  say "using the official Pulumi $PULUMI: $REASON"
  if ! make official; then
    say "the official one cannot be had completely, so it is built from Go modules"
    choose_go
    make built
  fi
else
  say "building Pulumi $PULUMI from Go modules: $REASON"
  choose_go
  make built
fi
printf '%s\n' "$made" >&3

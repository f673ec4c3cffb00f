# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # ensure.sh, which sources this, reads REASON and sets PULUMI, PLUGINS and work
# The released engine: downloaded, compared with the published checksums, unpacked.
#
# Everything is fetched here rather than by `pulumi plugin install`, which asks Pulumi's registry and GitHub's API
# first, checks nothing by itself, and begins a broken transfer anew.

RELEASES=${DOCKWRIGHT_PULUMI_RELEASES_URL:-https://get.pulumi.com/releases}
RELEASES=${RELEASES%/}
PROBE_SECONDS=5

official_system() { # prints OS-ARCH as releases spell it, or fails where there is none
  local arch
  case $(uname -m) in
    x86_64 | amd64) arch=amd64 ;;
    aarch64 | arm64) arch=arm64 ;;
    *) return 1 ;;
  esac
  case $(uname -s) in
    Linux) echo "linux-$arch" ;;
    Darwin) echo "darwin-$arch" ;;
    *) return 1 ;;
  esac
}

cli_archive() { # the CLI says x64 where the plugins say amd64
  local system
  system=$(official_system) || return
  case $system in *-amd64) system=${system%amd64}x64 ;; esac
  echo "pulumi-v$PULUMI-$system.tar.gz"
}

# never empty: places
# GitHub holds the same files, and is asked only where the user named no mirror.
cli_places() { places=("$RELEASES/sdk") && add_github pulumi "$PULUMI"; }
plugin_places() { places=("$RELEASES/plugins") && add_github "pulumi-$1" "$2"; } # NAME VERSION
add_github() { # REPOSITORY VERSION
  [ -n "${DOCKWRIGHT_PULUMI_RELEASES_URL:-}" ] || places+=("https://github.com/pulumi/$1/releases/download/v$2")
}

# official_answers: sets REASON to why the released engine can be had, or why not.
official_answers() {
  local archive
  archive=$(cli_archive) || { REASON="nothing is released for $(uname -sm)" && return 1; }
  command -v curl >/dev/null || { REASON='curl is missing' && return 1; }
  curl -fsIL --max-time $PROBE_SECONDS -o /dev/null "$RELEASES/sdk/$archive" 2>/dev/null ||
    { REASON="$RELEASES does not answer within $PROBE_SECONDS s" && return 1; }
  REASON="$RELEASES answers"
}

# transfer URL FILE: curl's exit code. What was cut off goes on where it ended, a few times.
transfer() {
  local attempt status=0
  for attempt in 1 2 3 4; do
    echo "$1, attempt $attempt"
    status=0
    curl -fsSL -C - --connect-timeout 20 --speed-limit 1000 --speed-time 60 --max-time 3600 -o "$2" "$1" || status=$?
    case $status in
      18 | 28 | 35 | 52 | 55 | 56 | 92) sleep 1 ;; # cut off, or too slow
      33) rm -f "$2" ;; # this server cannot go on in the middle
      *) return "$status" ;;
    esac
  done
  return "$status"
}

fetch() { # NAME: from the first of `places` that has it, into $work; returns curl's exit code otherwise
  local place status=1
  for place in "${places[@]}"; do
    status=0
    transfer "$place/$1" "$work/$1" || status=$?
    [ "$status" -ne 0 ] || return 0
    rm -f "$work/$1"
  done
  return "$status"
}

digest() { # 1|256|512 FILE
  if command -v "sha$1sum" >/dev/null; then "sha$1sum" "$2"; else shasum -a "$1" "$2"; fi | cut -d ' ' -f 1
}

# The CLI's checksums are SHA-256, most plugins' are SHA-1: the digest's length tells.
matches() { # NAME SUMS: both in $work
  local want got bits
  want=$(awk -v name="$1" '{ sub(/^[*]/, "", $2); sub(/^[.][/]/, "", $2) } $2 == name { print tolower($1) }' "$work/$2")
  case ${#want} in
    40) bits=1 ;;
    64) bits=256 ;;
    128) bits=512 ;;
    *) echo "$2 has no checksum of $1" && return 1 ;;
  esac
  got=$(digest $bits "$work/$1")
  [ "$want" = "$got" ] || { echo "$1 is not what was released: want checksum $want, got $got" && return 1; }
}

fetch_cli() {
  local archive sums=pulumi-$PULUMI-checksums.txt
  archive=$(cli_archive) || return 1
  cli_places
  fetch "$archive" && fetch "$sums" && matches "$archive" "$sums" || return 1
  mkdir -p "$work/unpacked" && tar -xzf "$work/$archive" -C "$work/unpacked" || return 1
  mv "$work/unpacked/pulumi" "$work/home/bin" && rm "$work/$archive"
}

fetch_plugin() { # NAME VERSION: adds to `unchecked` where no checksum is published
  local archive sums=pulumi-$1_$2_checksums.txt status=0
  archive=pulumi-resource-$1-v$2-$(official_system).tar.gz
  plugin_places "$1" "$2"
  fetch "$archive" || return 1
  fetch "$sums" || status=$?
  case $status in
    0) matches "$archive" "$sums" || return 1 ;;
    22 | 37) unchecked="$unchecked $1" ;; # there is no such file
    *) return 1 ;;
  esac
  pulumi plugin install resource "$1" "$2" --file "$work/$archive" && rm "$work/$archive"
}

make_official() {
  local plugin unchecked='' places
  mkdir -p "$work/home"
  step "downloading Pulumi $PULUMI" fetch_cli || return 1
  for plugin in $PLUGINS; do
    step "downloading the plugin $plugin" fetch_plugin "${plugin%@*}" "${plugin#*@}" || return 1
  done
  [ -z "$unchecked" ] || say "no checksums are published for$unchecked: taken as they came"
}

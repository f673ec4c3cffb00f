#!/bin/bash
# Makes the images that the systems run available on the Docker daemon, and records their ids.
#
#   images/ensure.sh OUTFILE [NAME…]     NAME: files postgres redis kafka nats nginx node (default: all)
#
# Where a container registry answers, the official images of official.json are pulled; elsewhere stand-ins are built
# from the folders here. OUTFILE keeps the choice: images change sides only by DOCKWRIGHT_IMAGES=official|stand-in.
# OUTFILE is JSON: mode, images (name → local id), references (name → local tag, for FROM lines), versions.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=build-lib.sh
. "$here/build-lib.sh"

all='files postgres redis kafka nats nginx node'
# never empty: names tags ids versions references missing (the last where it is used)

die() {
  say "$*"
  exit 1
}

probe_registry() { # prints why or why not, and fails when no registry answers
  local index code
  command -v curl >/dev/null 2>&1 || { echo 'curl is missing, so no registry could be asked'; return 1; }
  index=$(docker info --format '{{.IndexServerAddress}}')
  code=$(curl -s -o /dev/null -m 4 -w '%{http_code}' "$index" || true)
  case $code in
    2?? | 3?? | 401 | 404) echo 'Docker Hub answers' ;;
    *) echo 'Docker Hub does not answer'; return 1 ;;
  esac
}

choose_mode() { # sets mode and reason
  local recorded=''
  if [ -f "$out" ]; then
    recorded=$(sed -n 's/^ *"mode": "\([a-z-]*\)".*/\1/p' "$out")
  fi
  case ${DOCKWRIGHT_IMAGES:-$recorded} in
    official | stand-in)
      mode=${DOCKWRIGHT_IMAGES:-$recorded}
      if [ -n "${DOCKWRIGHT_IMAGES:-}" ]; then
        reason='DOCKWRIGHT_IMAGES says so'
      else
        reason="chosen before, in $out; DOCKWRIGHT_IMAGES=official|stand-in changes it"
      fi
      ;;
    '')
      if reason=$(probe_registry); then mode=official; else mode=stand-in; fi
      ;;
    *) die "DOCKWRIGHT_IMAGES: want official or stand-in, got $DOCKWRIGHT_IMAGES" ;;
  esac
}

official_reference() { # NAME
  sed -n "s/^ *\"$1\": \"\([^\"]*\)\".*/\1/p" "$here/official.json"
}

# A pulled image gets a tag of ours that covers its reference, so that it is pulled once and never moves by itself.
official_tag() { # NAME
  printf 'dockwright/%s:%s\n' "$1" "$(printf 'official %s\n' "$(official_reference "$1")" | sha256 | cut -c 1-16)"
}

pull_official() { # NAME TAG
  local reference started=$SECONDS
  reference=$(official_reference "$1")
  say "$1: pulling $reference"
  run_logged "$1" docker pull "$reference" || return
  docker tag "$reference" "$2"
  say "$1: pulled in $((SECONDS - started)) s"
}

need_mmdebstrap() {
  local packages=(mmdebstrap debian-archive-keyring)
  if command -v mmdebstrap >/dev/null 2>&1; then return; fi
  if ! command -v apt-get >/dev/null 2>&1 || [ "$(id -u)" != 0 ]; then
    say 'base: mmdebstrap is missing; install it (on Debian and Ubuntu: sudo apt-get install mmdebstrap),' \
      'or set DOCKWRIGHT_IMAGES=official where a container registry can be reached'
    return 1
  fi
  say 'base: installing mmdebstrap'
  run_logged base sh -c "apt-get update && apt-get install -y --no-install-recommends ${packages[*]}"
}

build_base() { # TAG: imports the root file system, which is made once per machine and kept
  local tag=$1 arch tarball started=$SECONDS
  arch=$(docker version --format '{{.Server.Arch}}')
  tarball=$image_cache/base-${tag##*:}-$arch.tar
  (
    lock "$(lock_of base)" "making the image base" || exit
    trap 'rm -f "$tarball.$$"; rm -f "$(lock_of base)"' EXIT
    trap 'exit 130' INT TERM
    image_id "$tag" >/dev/null && exit
    if [ ! -f "$tarball" ]; then
      need_mmdebstrap || exit
      say 'base: making the Debian root file system'
      run_logged base bash "$here/base/make-rootfs.sh" "$tarball.$$" "$arch" || exit
      mv "$tarball.$$" "$tarball"
    fi
    run_logged base docker import --change 'CMD ["bash"]' --change 'LABEL dockwright.image=base' "$tarball" "$tag" || exit
    say "base: built in $((SECONDS - started)) s"
  )
}

version_command() { # NAME: prints the program that tells the version inside the image
  case $1 in
    files) echo 'if [ -r /etc/debian_version ]; then cat /etc/debian_version; else busybox | head -n 1; fi' ;;
    postgres) echo 'postgres --version' ;;
    redis) echo 'redis-server --version' ;;
    kafka) echo 'ls /opt/kafka/libs/kafka-clients-*.jar' ;;
    nats) echo 'nats-server --version' ;;
    nginx) echo 'nginx -v' ;;
    node) echo 'node --version' ;;
  esac
}

image_version() { # NAME ID: asks the image once; the answer is kept by id
  local file=$image_cache/versions/${2#sha256:}
  if [ ! -s "$file" ]; then
    mkdir -p "$image_cache/versions"
    docker run --rm --network none --entrypoint sh "$2" -c "$(version_command "$1")" 2>&1 |
      sed -n 's/^[^0-9]*\([0-9][0-9.]*[0-9]\).*/\1/p' | head -n 1 >"$file.$$"
    mv "$file.$$" "$file"
  fi
  echo "$(<"$file")"
}

tag_of() { # NAME: the tag that this mode wants for it
  case $mode/$1 in
    official/*) official_tag "$1" ;;
    */files) echo "$base_tag" ;;
    *) image_tag "$1" "$here/$1" "BASE=$base_tag" ;;
  esac
}

make_image() { # NAME TAG
  case $mode/$1 in
    official/*) pull_official "$1" "$2" ;;
    */files) ;;
    *) build_image "$1" "$here/$1" "BASE=$base_tag" >/dev/null ;;
  esac
}

json_object() { # KEY NAME=VALUE…
  local key=$1 separator='' pair
  shift
  printf '  "%s": {' "$key"
  for pair; do
    printf '%s\n    "%s": "%s"' "$separator" "${pair%%=*}" "${pair#*=}"
    separator=,
  done
  printf '\n  }'
}

write_out() {
  local i
  for i in "${!names[@]}"; do
    versions[i]=${names[i]}=$(image_version "${names[i]}" "${ids[i]}")
    references[i]=${names[i]}=${tags[i]}
    ids[i]=${names[i]}=${ids[i]}
  done
  {
    printf '{\n  "mode": "%s",\n' "$mode"
    json_object images "${ids[@]}"
    printf ',\n'
    json_object references "${references[@]}"
    printf ',\n'
    json_object versions "${versions[@]}"
    printf '\n}\n'
  } >"$out.$$"
  if cmp -s "$out.$$" "$out"; then
    rm "$out.$$"
  else
    mv "$out.$$" "$out"
  fi
}

find_ids() { # asks the daemon which of the wanted images it has: sets ids and missing, by their places in names
  local listed tag id i
  listed=$(docker image ls --no-trunc --filter 'reference=dockwright/*' --format '{{.Repository}}:{{.Tag}} {{.ID}}' 2>&1) ||
    die "no Docker daemon answers${DOCKER_HOST:+ at $DOCKER_HOST}: $listed"
  ids=()
  missing=()
  while read -r tag id; do
    for i in "${!tags[@]}"; do
      if [ "${tags[i]}" = "$tag" ]; then ids[i]=$id; fi
    done
  done <<<"$listed"
  for i in "${!tags[@]}"; do
    if [ -z "${ids[i]:-}" ]; then missing+=("$i"); fi
  done
}

[ $# -ge 1 ] || die 'usage: images/ensure.sh OUTFILE [NAME…]'
out=$1
shift
names=("$@")
[ $# -gt 0 ] || read -r -a names <<<"$all"
for name in "${names[@]}"; do
  case " $all " in
    *" $name "*) ;;
    *) die "no image is called $name; the names are: $all" ;;
  esac
done
mkdir -p "$(dirname "$out")" "$image_cache"

choose_mode
base_tag=dockwright/base:$(image_hash "$here/base")
tags=() ids=() missing=() versions=() references=()
for name in "${names[@]}"; do
  tags+=("$(tag_of "$name")")
done
find_ids

if [ ${#missing[@]} -gt 0 ]; then
  say "$mode images ($reason); missing:$(for i in "${missing[@]}"; do printf ' %s' "${names[i]}"; done)"
  if [ "$mode" = stand-in ]; then
    image_id "$base_tag" >/dev/null || build_base "$base_tag" || exit
  fi
  # All at once: while one downloads, another unpacks. With job control each is a process group, so that an
  # interruption ends the whole of it.
  started=$SECONDS
  jobs=''
  trap 'for job in $jobs; do kill -- "-$job" 2>/dev/null; done; exit 130' INT TERM
  set -m
  for i in "${missing[@]}"; do
    make_image "${names[i]}" "${tags[i]}" &
    jobs="$jobs $!"
  done
  set +m
  failed=''
  for job in $jobs; do wait "$job" || failed=yes; done
  [ -z "$failed" ] || die 'not all images are there; run this again to continue'
  say "ready in $((SECONDS - started)) s"
  find_ids
fi
write_out

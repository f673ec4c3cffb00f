# shellcheck shell=bash
# Images tagged by what they are built from. Source this file; it works with bash 3.2, GNU and BSD tools.
#
#   build_image NAME CONTEXT_DIR [BUILD_ARG=VALUE…]   builds the image if it is missing and prints its id
#   image_tag   NAME CONTEXT_DIR [BUILD_ARG=VALUE…]   prints its tag, dockwright/NAME:<hash of files and arguments>
#
# The hash covers every file of the folder but node_modules, .git, dist, coverage and test-results, and the build
# arguments, so a parent that is passed as an argument (by its tag) is covered too. The build sees exactly the files
# that were hashed, readable by everyone whatever the umask here.
# A Dockerfile that names host-ca.crt finds this machine's trusted certificates under that name in its context, for
# build stages that download through an inspecting proxy. They are not hashed and belong into no final stage.

image_cache=${DOCKWRIGHT_CACHE_DIR:-${XDG_CACHE_HOME:-$HOME/.cache}/dockwright}/images

# shellcheck source=../scripts/lib/lock.sh
. "$(dirname "${BASH_SOURCE[0]}")/../scripts/lib/lock.sh"

lock_of() { printf '%s/locks/%s\n' "$image_cache" "$1"; } # NAME

say() { printf 'images: %s\n' "$*" >&2; }

sha256() { if command -v sha256sum >/dev/null 2>&1; then sha256sum; else shasum -a 256; fi; }

image_files() { # DIR
  (cd "$1" && find . \( -name node_modules -o -name .git -o -name dist -o -name coverage -o -name test-results \) -prune \
    -o -type f ! -name .DS_Store -print | LC_ALL=C sort)
}

image_hash() { # DIR [TEXT…]: 16 characters over the files' contents, names and execute bits, and the texts
  local dir=$1
  shift
  {
    # shellcheck disable=SC2016 # the inner shell expands it
    image_files "$dir" | tr '\n' '\0' | (cd "$dir" && xargs -0 sh -c '
      if command -v sha256sum >/dev/null 2>&1; then sha256sum "$@"; else shasum -a 256 "$@"; fi
      for file; do [ ! -x "$file" ] || echo "x $file"; done' sh)
    printf '%s\n' "$@"
  } | sha256 | cut -c 1-16
}

image_tag() { # NAME DIR [BUILD_ARG=VALUE…]
  local name=$1
  shift
  printf 'dockwright/%s:%s\n' "$name" "$(image_hash "$@")"
}

image_id() { # REFERENCE: prints its id, or fails when the daemon does not have it
  docker image inspect --format '{{.Id}}' "$1" 2>/dev/null
}

host_certificates() { # prints the certificates that this machine trusts, as far as they are found
  local file
  for file in "${SSL_CERT_FILE:-}" /etc/ssl/certs/ca-certificates.crt /etc/pki/tls/certs/ca-bundle.crt /etc/ssl/cert.pem; do
    if [ -n "$file" ] && [ -r "$file" ]; then
      cat "$file"
      return
    fi
  done
}

# run_logged NAME COMMAND…: the output goes to a log; of a failure, the last 30 lines are shown.
run_logged() {
  local name=$1 log=$image_cache/logs/$1.log
  shift
  mkdir -p "$image_cache/logs"
  if ! "$@" >"$log" 2>&1 </dev/null; then
    say "$name: failed. The last lines of $log:"
    tail -n 30 "$log" | sed 's/^/    /' >&2
    return 1
  fi
}

build_image() { # NAME DIR [BUILD_ARG=VALUE…]
  local name=$1 dir=$2 tag
  tag=$(image_tag "$@") || return
  image_id "$tag" && return
  shift 2
  # In a subshell, so that a signal or an error in between still unlocks and cleans up.
  (
    lock "$(lock_of "$name")" "making the image $name" || exit
    stage=$(mktemp -d "${TMPDIR:-/tmp}/dockwright-$name.XXXXXX")
    trap 'rm -rf "$stage" "$stage.files"; rm -f "$(lock_of "$name")"' EXIT
    trap 'exit 130' INT TERM
    image_id "$tag" && exit
    started=$SECONDS
    say "$name: building"
    image_files "$dir" >"$stage.files"
    tar -C "$dir" -cf - -T "$stage.files" | tar -C "$stage" -xf - || exit
    rm "$stage.files"
    chmod -R u+rwX,go+rX,go-w "$stage"
    if grep -q host-ca.crt "$stage/Dockerfile"; then
      host_certificates >"$stage/host-ca.crt"
    fi
    arguments=()
    for argument; do arguments+=(--build-arg "$argument"); done
    # The classic builder needs no plugin and finds parents by their local tags; DOCKER_BUILDKIT=1 overrides it.
    DOCKER_BUILDKIT=${DOCKER_BUILDKIT:-0} run_logged "$name" docker build --force-rm --label "dockwright.image=$name" \
      --tag "$tag" ${arguments[@]+"${arguments[@]}"} "$stage" || exit
    say "$name: built in $((SECONDS - started)) s"
    image_id "$tag"
  )
}

# shellcheck shell=bash
# shellcheck disable=SC2034,SC2164 # what these set is read by dev, which also sets errexit
# `./dev bench`, and Docker Compose 2 for it: the machine's own, else built from its Go module, else Debian's.

run_bench() {
  cd "$ROOT"
  find_project
  setup_tools
  resolve_docker_host
  phase docker ensure_docker
  phase compose ensure_compose
  # Two at a time would measure, and remove, each other. The link stays behind, and is stale once this process is gone.
  lock "$ROOT/.dockwright/bench.lock" 'running the bench' || exit
  exec node "$ROOT/bench/run.mts" "$@" 3>&-
}

compose_is_recent() { # COMMAND…: from 2.20 on, `up --wait` knows that a job may end
  local version major minor
  version=$("$@" version --short 2>/dev/null) || return 1
  version=${version#v}
  major=${version%%.*}
  minor=${version#*.}
  minor=${minor%%.*}
  [ "$major" -gt 2 ] 2>/dev/null || { [ "$major" -eq 2 ] && [ "$minor" -ge 20 ]; } 2>/dev/null || return 1
  DETAIL=$version
}

# Sets DOCKWRIGHT_COMPOSE, which bench/run.mts reads.
ensure_compose() {
  local built
  export DOCKWRIGHT_COMPOSE='docker compose'
  if compose_is_recent docker compose; then return; fi
  DOCKWRIGHT_COMPOSE=docker-compose
  if compose_is_recent docker-compose; then return; fi
  if command -v go >/dev/null; then
    built=$(compose_folder)
    [ -x "$built/docker-compose" ] || build_compose "$built"
    DOCKWRIGHT_COMPOSE=$built/docker-compose
    if compose_is_recent "$DOCKWRIGHT_COMPOSE"; then DETAIL="$DETAIL, built" && return; fi
  elif may_install_docker; then
    mkdir -p "$DATA_ROOT"
    apt_install "$DATA_ROOT/docker-install.log" docker-compose # version 2 from Debian 13 on
    if compose_is_recent docker-compose; then return; fi
  fi
  die 'the bench compares with Docker Compose 2.20 or newer, and there is none' \
    'install the plugin docker-compose-plugin, or Go, with which it is built here'
}

compose_folder() {
  local key
  key=$( (cat "$ROOT"/bench/compose-cli/go.* && uname -sm && GOTOOLCHAIN=local go env GOVERSION) | cksum | tr ' ' -)
  printf '%s/compose/%s\n' "${DOCKWRIGHT_CACHE_DIR:-${XDG_CACHE_HOME:-$HOME/.cache}/dockwright}" "$key"
}

build_compose() { # FOLDER
  local version log=$1.log
  version=$(sed -n 's|.*github.com/docker/compose/v2 \(v[0-9.]*\).*|\1|p' "$ROOT/bench/compose-cli/go.mod")
  note "building Docker Compose $version from its Go module, which takes some minutes"
  mkdir -p "$1"
  if ! (cd "$ROOT/bench/compose-cli" && GOWORK=off CGO_ENABLED=0 go build -mod=readonly -trimpath -buildvcs=false \
    -ldflags "-s -w -X github.com/docker/compose/v2/internal.Version=$version" \
    -o "$1/docker-compose" github.com/docker/compose/v2/cmd) >"$log" 2>&1 </dev/null; then
    tail -n 15 "$log" >&2
    die 'Docker Compose could not be built' "the whole output is in $log"
  fi
}

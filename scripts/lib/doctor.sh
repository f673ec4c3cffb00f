# shellcheck shell=bash
# `./dev doctor`: what `up` needs, found or missing. It begins with what bash can see, goes on in Node where that is
# there, and changes nothing. A row is: group, name, mark (ok, note or missing), text and fix, between tabs.

row() { printf '%s\t%s\t%s\t%s\t%s\n' "$1" "$2" "$3" "$4" "${5:-}"; }

how_to_install() { # PACKAGE [PACKAGE_ON_MACOS]
  if command -v apt-get >/dev/null; then
    echo "sudo apt-get install $1"
  elif command -v brew >/dev/null; then
    echo "brew install ${2:-$1}"
  else
    echo "install $1 with your package manager"
  fi
}

# tool NAME MARK_WITHOUT_IT FIX [WHAT_FOR]
tool() {
  local name=$1 version
  if ! command -v "$name" >/dev/null; then
    row Tools "$name" "$2" "not found${4:+, $4}" "$3"
    return
  fi
  version=$("$name" --version 2>&1 </dev/null | sed -n 's/^[^0-9]*\([0-9][0-9.]*[0-9]\).*/\1/p' | head -n 1)
  row Tools "$name" ok "${version:-there}"
}

doctor_tools() {
  row Tools bash ok "${BASH_VERSION%%(*}"
  tool git note "$(how_to_install git)" 'only tests and clones use it'
  tool curl note "$(how_to_install curl)" 'so Pulumi is built rather than downloaded'
  tool tar note "$(how_to_install tar)" 'downloading Pulumi needs it'
  if command -v ps >/dev/null; then row Tools ps ok there; else row Tools ps missing 'want ps to see other updates, got none' "$(how_to_install procps)"; fi
  tool shellcheck note "$(how_to_install shellcheck)" 'only tests and lint use it'
  tool docker-registry note "$(how_to_install docker-registry)" 'only tests use it'
}

# Puts a Node that can run our scripts on the PATH; fails where there is none yet.
doctor_node() {
  local version packaged=$ROOT/node_modules/node/bin
  version=$(node --version 2>/dev/null || true)
  if node_is_recent "$version"; then
    row Tools node ok "${version#v}"
  elif [ -x "$packaged/node" ]; then
    PATH=$packaged:$PATH
    row Tools node ok "$(node --version | sed s/v//), the npm package node${version:+ (${version#v} on the PATH is too old)}"
  elif command -v npm >/dev/null; then
    row Tools node note "${version:-none} on the PATH, want 22.18 or newer: up installs the npm package node"
    return 1
  else
    row Tools node missing "want Node.js 22.18 or newer, got ${version:-none}" 'install it, it brings npm: https://nodejs.org'
    return 1
  fi
}

# doctor_packages DIR: whether npm has installed what the lockfile says.
doctor_packages() {
  local name='npm packages'
  [ "$1" = "$ROOT" ] || name=${1##*/}
  [ -f "$1/package-lock.json" ] || return 0
  if packages_are_current "$1" || [ "$1/node_modules/.package-lock.json" -nt "$1/package-lock.json" ]; then
    row Packages "$name" ok 'as the lockfile says'
  elif command -v npm >/dev/null; then
    row Packages "$name" note 'not what the lockfile says: up installs them'
  else
    row Packages "$name" missing 'want what the lockfile says, got something else, and no npm to install it' 'install Node.js, which brings npm: https://nodejs.org'
  fi
}

# Without Node: whether there is a daemon at all.
doctor_docker() {
  local version
  if version=$(bounded 2 docker version --format '{{.Server.Version}}' 2>/dev/null); then
    row Docker daemon ok "$version"
  elif may_install_docker; then
    row Docker daemon note 'none answers: up installs and starts one'
  else
    row Docker daemon missing 'want a Docker daemon, got no answer' 'install Docker Engine (Linux), or Docker Desktop, OrbStack or Colima (macOS), and start it'
  fi
  row Docker more note 'not looked at yet: it takes Node and the npm packages, which up installs'
}

# Sets what load_stack sets, without making anything; fails with a row that says why.
doctor_stack() {
  local settings
  if ! settings=$(node_script stack-settings "$PROJECT_DIR" "$STACK" --look 2>&1); then
    row Stack settings missing "$(printf '%s' "$settings" | tr '\t\n' '  ' | sed 's/^error: //')"
    return 1
  fi
  set -a # for doctor.mts
  eval "$settings"
  set +a
}

doctor_rest() {
  resolve_docker_host
  MAY_INSTALL_DOCKER=false
  if [ "$DOCKER_FROM" = 'the default socket' ] && may_install_docker; then MAY_INSTALL_DOCKER=true; fi
  export STACK DOCKER_FROM MAY_INSTALL_DOCKER
  node_script doctor "$ROOT" "$PROJECT_DIR"
}

doctor_rows() {
  local node=true
  doctor_tools
  doctor_node || node=false
  if [ "$PROJECT_DIR" != "$ROOT" ]; then doctor_packages "$PROJECT_DIR"; fi
  doctor_packages "$ROOT"
  if ! $node || [ ! -d "$ROOT/node_modules/yaml" ]; then
    doctor_docker
    return
  fi
  doctor_stack || true
  doctor_rest
}

# --- showing it --------------------------------------------------------------------------------------------------------

doctor_colors() {
  GREEN='' YELLOW='' RED='' DIM='' PLAIN=''
  if [ -t 1 ] && [ -z "${NO_COLOR:-}" ] && [ "${TERM:-dumb}" != dumb ]; then
    GREEN=$'\033[32m' YELLOW=$'\033[33m' RED=$'\033[31m' DIM=$'\033[2m' PLAIN=$'\033[0m'
  fi
}

doctor_table() { # ROWS
  local group name mark text fix color last=''
  doctor_colors
  while IFS=$'\t' read -r group name mark text fix; do
    if [ "$group" != "$last" ]; then printf '%s\n' "$group"; fi
    last=$group
    case $mark in ok) color=$GREEN ;; note) color=$YELLOW ;; *) color=$RED ;; esac
    printf '  %s%-8s%s %-16s %s\n' "$color" "$mark" "$PLAIN" "$name" "$text"
    if [ -n "$fix" ]; then printf '  %8s %-16s %s%s%s\n' '' '' "$DIM" "fix: $fix" "$PLAIN"; fi
  done <<<"$1"
}

doctor_json() { # ROWS
  local group name mark text fix separator='' rows
  rows=$(printf '%s\n' "$1" | sed -e 's/\\/\\\\/g' -e 's/"/\\"/g')
  printf '{"stack": "%s", "ready": %s, "findings": [' "$STACK" "$([ "$LACKING" -eq 0 ] && echo true || echo false)"
  while IFS=$'\t' read -r group name mark text fix; do
    printf '%s\n  {"group": "%s", "name": "%s", "mark": "%s", "text": "%s"' "$separator" "$group" "$name" "$mark" "$text"
    if [ -n "$fix" ]; then printf ', "fix": "%s"' "$fix"; fi
    printf '}'
    separator=,
  done <<<"$rows"
  printf '\n]}\n'
}

doctor() {
  local rows
  find_project
  export NODE_DISABLE_COMPILE_CACHE=1
  rows=$(doctor_rows)
  LACKING=$(printf '%s\n' "$rows" | grep -c $'^[^\t]*\t[^\t]*\tmissing\t' || true)
  if $JSON; then
    doctor_json "$rows"
  else
    doctor_table "$rows"
    case $LACKING in
      0) printf '\nnothing is missing: ./dev up %s can work\n' "$STACK" ;;
      1) printf '\n1 thing is missing for ./dev up %s\n' "$STACK" ;;
      *) printf '\n%d things are missing for ./dev up %s\n' "$LACKING" "$STACK" ;;
    esac
  fi
  [ "$LACKING" -eq 0 ]
}

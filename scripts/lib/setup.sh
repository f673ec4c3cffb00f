# shellcheck shell=bash
# shellcheck disable=SC2034 # what these set is read by dev
# From a fresh clone to a stack that Pulumi can work on: one function per phase.

# The nearest folder upward from here with a Pulumi.yaml, else this repository's own.
find_project() {
  local dir=$PWD
  while [ "$dir" != / ] && [ ! -f "$dir/Pulumi.yaml" ]; do dir=$(dirname "$dir"); done
  if [ -f "$dir/Pulumi.yaml" ]; then PROJECT_DIR=$dir; else PROJECT_DIR=$ROOT; fi
  WORK_DIR=$PROJECT_DIR/.dockwright
}

COMPILE_CACHE=${DOCKWRIGHT_CACHE_DIR:-${XDG_CACHE_HOME:-$HOME/.cache}/dockwright}/node # a third of a script's time

node_script() { # NAME ARGUMENT…
  local name=$1
  shift
  NODE_COMPILE_CACHE=$COMPILE_CACHE node "$ROOT/scripts/$name.mts" "$@"
}

setup_packages() {
  if [ "$PROJECT_DIR" != "$ROOT" ] && [ -f "$PROJECT_DIR/package-lock.json" ]; then
    ensure_packages "$PROJECT_DIR"
  fi
  ensure_packages "$ROOT"
}

setup_tools() {
  phase packages setup_packages
  phase node ensure_node
}

# Reads the stack's settings into PROJECT, DATA_DIR, BACKEND_URL, … (scripts/stack-settings.mts lists them).
load_stack() { # [--look]: makes nothing, and does not know STACK_EXISTS
  local settings
  settings=$(node_script stack-settings "$PROJECT_DIR" "$STACK" "$@")
  eval "$settings"
  if [ $# -eq 0 ]; then
    mkdir -p "$DATA_DIR"
    [ -z "$BACKEND_DIR" ] || $LOOKING || mkdir -p "$BACKEND_DIR"
  fi
  MARKER=$DATA_DIR/$STACK.unfinished
  REMOVAL=$DATA_DIR/$STACK.removal.json
  resolve_docker_host
  DETAIL="$PROJECT, stack $STACK"
}

require_stack_file() {
  $STACK_HAS_FILE || die "there is no stack $STACK in $PROJECT_DIR: Pulumi.$STACK.yaml is missing" \
    "stacks here: ${STACK_FILES:-none}"
}

# Only dev's passphrase is made here.
require_passphrase() {
  if $PASSPHRASE_MISSING; then
    die "stack $STACK encrypts its secrets with a passphrase, and none is given" \
      'set PULUMI_CONFIG_PASSPHRASE_FILE (a file) or PULUMI_CONFIG_PASSPHRASE and run this again'
  fi
}

# The passphrase has to fit before anything is changed. To see that takes a third of a second, which dev, whose passphrase
# was made here, spends only where its file is younger than the salt that was made with it.
check_passphrase() { # [--always]
  case $STACK,${1:-} in
    dev,) [ "$PASSPHRASE_FILE" -nt "$DATA_DIR/$STACK.salt" ] || return 0 ;;
  esac
  node_script passphrase "$PROJECT_DIR" "$PROJECT" "$STACK" "$BACKEND_URL" "$CONFIG_FILE" "$PASSPHRASE_FILE"
}

setup_engine() {
  local start=$SECONDS
  PULUMI_HOME=$("$ROOT/engine/ensure.sh")
  DETAIL="$(cat "$PULUMI_HOME/.ready") $(sed -n 's/^PULUMI=//p' "$ROOT/engine/versions.env")"
  if [ $((SECONDS - start)) -le 1 ]; then DETAIL="$DETAIL, cached"; fi
  forgo_run_logs
  eval "$(stack_env)"
  [ -n "$BACKEND_DIR" ] || look_up_stack
}

# Made here only where the stack says so; elsewhere images come from registries and are named in Pulumi.<stack>.yaml.
setup_images() { # [--daemon]: also pulls those that are named
  DETAIL="as named in Pulumi.$STACK.yaml"
  if [ "$IMAGES_LOCAL" = true ]; then make_images; fi
  if [ "${1:-}" = --daemon ] && [ -n "$IMAGES_NAMED" ]; then pull_images; fi
}

# An image that cannot be had fails here, before anything is changed; and Docker's own command knows its credentials.
pull_images() {
  # shellcheck disable=SC2086 # one word per reference
  if docker image inspect --format '{{.Id}}' $IMAGES_NAMED >/dev/null 2>&1; then return; fi
  DETAIL=$(node_script pull-images "$PROJECT_DIR" "$STACK" "$CONFIG_FILE")
}

# Where images are made here, a preview needs those that were made last, or a daemon that makes them; it starts none.
look_for_images() {
  if find_docker; then
    DETAIL="$DOCKER_VERSION at $DOCKER_FROM"
  elif [ -f "$WORK_DIR/images.json" ]; then
    IMAGES_LOCAL=made
    DETAIL='none answers, images as made last'
  else
    die "$DOCKER_MISSING" "$DOCKER_ADVICE" 'a preview starts no daemon and installs none: ./dev up does'
  fi
}

make_images() {
  local base=$WORK_DIR/base-images.json names app=''
  mkdir -p "$WORK_DIR"
  names=$(node_script images names "$PROJECT_DIR")
  # shellcheck disable=SC2086 # one word per name
  "$ROOT/images/ensure.sh" "$base" $names
  case " $names " in
    *' node '*)
      app=$(build_app "$base" | tail -n 1) || die 'the application image could not be built' 'the reason is above'
      ;;
  esac
  DETAIL=$(node_script images write "$base" "$WORK_DIR/images.json" "$app")
}

build_app() ( # BASE_IMAGES: prints the image's id last
  context=$ROOT/examples/sample-app
  build_args=$(node_script images build-args "$1" "$context") || exit
  # shellcheck source=images/build-lib.sh
  . "$ROOT/images/build-lib.sh"
  # shellcheck disable=SC2086 # one word per argument
  build_image sample-app "$context" $build_args
)

create_stack() {
  if [ -n "$CONFIG_FILE" ]; then
    node_script stack-init "$PROJECT_DIR" "$STACK" "$CONFIG_FILE" "$DATA_DIR/$STACK.salt"
  else
    node_script stack-init "$PROJECT_DIR" "$STACK"
  fi
  STACK_EXISTS=true
  DETAIL="created $STACK in ${BACKEND_URL%%\?*}"
}

# A stack that does not exist yet is looked at in a state of its own, which goes with the look.
imagine_stack() {
  SCRATCH=$(mktemp -d)
  trap 'rm -rf "$SCRATCH"' EXIT
  mkdir "$SCRATCH/state"
  cp "$PROJECT_DIR/Pulumi.yaml" "$SCRATCH/"
  cp "${CONFIG_FILE:-$PROJECT_DIR/Pulumi.$STACK.yaml}" "$SCRATCH/Pulumi.$STACK.yaml"
  export PULUMI_BACKEND_URL="file://$SCRATCH/state?metadata=skip"
  export PULUMI_OPTION_CONFIG_FILE=$SCRATCH/Pulumi.$STACK.yaml
  if [ -z "${PULUMI_CONFIG_PASSPHRASE+given}${PULUMI_CONFIG_PASSPHRASE_FILE:-}" ]; then
    export PULUMI_CONFIG_PASSPHRASE=none # the stack has none: a service keeps its key
  fi
  node_script stack-init "$SCRATCH" "$STACK"
  DETAIL='none yet, imagined'
}

# Backends that are not a folder are asked by the CLI, which load_stack cannot count on. Only its own word that there is
# no such stack counts as that.
look_up_stack() {
  local answer
  STACK_EXISTS=true
  if answer=$(cd "$PROJECT_DIR" && pulumi stack export --stack "$STACK" --non-interactive 2>&1 >/dev/null); then return; fi
  case $answer in
    *'no stack named'*) STACK_EXISTS=false ;;
    *) die "the backend $BACKEND_URL could not be asked for stack $STACK" "$(printf '%s\n' "$answer" | tail -n 1)" ;;
  esac
}

ensure_stack() {
  if ! $STACK_EXISTS; then phase stack create_stack; fi
}

export_line() { # NAME VALUE, quoted for any shell of the Bourne family
  printf "export %s='%s'\n" "$1" "$(printf '%s' "$2" | sed "s/'/'\\\\''/g")"
}

# The user's own options, without stack traces (docs/decisions/0005) and with the cache of compiled TypeScript (0007).
node_options() {
  local options=${NODE_OPTIONS:-} cache=$ROOT/scripts/lib/typescript-cache.cjs
  case $options in *--stack-trace-limit=*) ;; *) options="$options --stack-trace-limit=0" ;; esac
  case $options in *"$cache"*) ;; *) options="$options --require \"$cache\"" ;; esac
  printf '%s\n' "${options# }"
}

# The CLI writes a log of everything, secrets included, of each run; a file in place of its folder keeps it from that.
forgo_run_logs() {
  local logs=$PULUMI_HOME/logs
  [ -f "$logs" ] || { rm -rf "$logs" && : >"$logs"; }
}

# Everything that Pulumi needs for this stack, as shell code: `./dev env` prints it, `dev` itself evaluates it.
stack_env() {
  local own='PULUMI_STACK'
  printf '%s\n' "# $PROJECT, stack $STACK; for another stack run ./dev env STACK again"
  printf "export PATH='%s':\"\$PATH\"\n" "$PULUMI_HOME/bin${NODE_BIN:+:$NODE_BIN}"
  export_line PULUMI_HOME "$PULUMI_HOME"
  export_line PULUMI_BACKEND_URL "$BACKEND_URL"
  export_line PULUMI_STACK "$STACK"
  export_line PULUMI_NODEJS_TRANSPILE_ONLY true
  export_line PULUMI_SKIP_UPDATE_CHECK true
  export_line NODE_OPTIONS "$(node_options)"
  # The defaults of Go spend a quarter of a preview on collecting garbage (docs/decisions/0007).
  export_line GOGC "${GOGC:-off}"
  export_line GOMEMLIMIT "${GOMEMLIMIT:-512MiB}"
  export_line NODE_COMPILE_CACHE "$COMPILE_CACHE"
  if [ -n "$CONFIG_FILE" ]; then
    printf 'unset PULUMI_CONFIG_PASSPHRASE\n'
    export_line PULUMI_CONFIG_PASSPHRASE_FILE "$PASSPHRASE_FILE"
    export_line PULUMI_OPTION_CONFIG_FILE "$CONFIG_FILE"
    export_line PULUMI_OPTION_PRESERVE_CONFIG true # `stack rm` would delete the committed file
    own="$own PULUMI_BACKEND_URL PULUMI_CONFIG_PASSPHRASE_FILE PULUMI_OPTION_CONFIG_FILE"
  else
    printf 'unset PULUMI_OPTION_CONFIG_FILE PULUMI_OPTION_PRESERVE_CONFIG\n'
  fi
  if [ -n "${DOCKER_HOST:-}" ]; then export_line DOCKER_HOST "$DOCKER_HOST"; fi
  if $DOCKER_HOST_FOUND; then own="$own DOCKER_HOST"; fi
  case ${DOCKER_HOST:-},$PARALLEL_GIVEN in
    ssh://*,) # each operation takes a login or more, and sshd drops some beyond ten at once (MaxStartups)
      export_line PULUMI_PARALLEL 8
      own="$own PULUMI_PARALLEL"
      ;;
  esac
  export_line DOCKWRIGHT_ENV "$own"
}

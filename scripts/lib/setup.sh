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

node_script() { # NAME ARGUMENT…
  local name=$1
  shift
  node "$ROOT/scripts/$name.mts" "$@"
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
load_stack() {
  local settings
  settings=$(node_script stack-settings "$PROJECT_DIR" "$STACK")
  eval "$settings"
  mkdir -p "$DATA_DIR"
  [ -z "$BACKEND_DIR" ] || mkdir -p "$BACKEND_DIR"
  MARKER=$DATA_DIR/$STACK.unfinished
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

setup_engine() {
  local start=$SECONDS
  PULUMI_HOME=$("$ROOT/engine/ensure.sh")
  DETAIL="$(cat "$PULUMI_HOME/.ready") $(sed -n 's/^PULUMI=//p' "$ROOT/engine/ensure.sh")"
  if [ $((SECONDS - start)) -le 1 ]; then DETAIL="$DETAIL, cached"; fi
  eval "$(stack_env)"
}

# Only where the stack says so; elsewhere images come from registries and are named in Pulumi.<stack>.yaml.
setup_images() {
  local base=$WORK_DIR/base-images.json app
  if [ "$IMAGES_LOCAL" != true ]; then
    DETAIL="as named in Pulumi.$STACK.yaml"
    return
  fi
  mkdir -p "$WORK_DIR"
  "$ROOT/images/ensure.sh" "$base"
  app=$(build_app "$base" | tail -n 1) || die 'the application image could not be built' 'the reason is above'
  DETAIL=$(node_script images write "$base" "$WORK_DIR/images.json" "$app")
}

build_app() ( # BASE_IMAGES: prints the image's id last
  context=$ROOT/examples/sample-app
  build_args=$(node_script images build-args "$1" "$context") || exit
  # shellcheck source=images/build-lib.sh
  . "$ROOT/images/build-lib.sh"
  # shellcheck disable=SC2086 # one word per argument
  build_image lunch-bot-app "$context" $build_args
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

ensure_stack() {
  if ! $STACK_EXISTS; then phase stack create_stack; fi
}

export_line() { # NAME VALUE, quoted for any shell of the Bourne family
  printf "export %s='%s'\n" "$1" "$(printf '%s' "$2" | sed "s/'/'\\\\''/g")"
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
  # The SDK notes a stack trace for every promise, which is a quarter of a preview (docs/decisions/0005).
  case ${NODE_OPTIONS:-} in
    *--stack-trace-limit=*) export_line NODE_OPTIONS "$NODE_OPTIONS" ;;
    *) export_line NODE_OPTIONS "${NODE_OPTIONS:+$NODE_OPTIONS }--stack-trace-limit=0" ;;
  esac
  export_line NODE_COMPILE_CACHE "${DOCKWRIGHT_CACHE_DIR:-${XDG_CACHE_HOME:-$HOME/.cache}/dockwright}/node"
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
  export_line DOCKWRIGHT_ENV "$own"
}

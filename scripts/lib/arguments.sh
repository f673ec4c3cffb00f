# shellcheck shell=bash
# shellcheck disable=SC2034 # what these set is read by dev
# Reading the command line.

# The arguments of up, preview, down and env: sets STACK, VOLUMES and YES.
parse_stack() { # [STACK] [--volumes] [--yes]
  STACK='' VOLUMES=false YES=false
  for word; do
    case $word in
      --volumes) VOLUMES=true ;;
      --yes | -y) YES=true ;;
      -*) die "$COMMAND knows no option $word" 'see ./dev help' ;;
      *)
        [ -z "$STACK" ] || die "$COMMAND takes one stack, got $STACK and $word"
        STACK=$word
        ;;
    esac
  done
  STACK=${STACK:-dev}
  $VOLUMES && [ "$COMMAND" != down ] && die '--volumes belongs to down'
  return 0
}

# The stack that a `pulumi` command line is about: its --stack, else dev.
stack_of() {
  local previous=''
  STACK=dev
  for word; do
    case $previous in --stack | -s) STACK=$word ;; esac
    case $word in
      --stack=*) STACK=${word#*=} ;;
      --) return ;;
    esac
    previous=$word
  done
  STACK=${STACK##*/} # organization/project/stack
}

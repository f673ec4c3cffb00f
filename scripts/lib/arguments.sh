# shellcheck shell=bash
# shellcheck disable=SC2034 # what these set is read by dev
# Reading the command line.

# The arguments of up, preview, down, env, doctor and secrets check: sets STACK, VOLUMES, YES, JSON, VERBOSE,
# NEW_DAEMON and ADOPT.
parse_stack() { # [STACK] [--volumes] [--yes] [--json] [--verbose] [--new-daemon] [--adopt]
  STACK='' VOLUMES=false YES=false JSON=false VERBOSE=false NEW_DAEMON=false ADOPT=false
  if [ "${DOCKWRIGHT_VERBOSE:-}" = 1 ]; then VERBOSE=true; fi
  for word; do
    case $word in
      --volumes) VOLUMES=true ;;
      --yes | -y) YES=true ;;
      --json) JSON=true ;;
      --new-daemon) NEW_DAEMON=true ;;
      --adopt) ADOPT=true ;;
      --verbose)
        case $COMMAND in up | down) ;; *) die '--verbose belongs to up and down' ;; esac
        VERBOSE=true
        ;;
      -*) die "$COMMAND knows no option $word" 'see ./dev help' ;;
      *)
        [ -z "$STACK" ] || die "$COMMAND takes one stack, got $STACK and $word"
        STACK=$word
        ;;
    esac
  done
  STACK=${STACK:-dev}
  $VOLUMES && [ "$COMMAND" != down ] && die '--volumes belongs to down'
  $NEW_DAEMON && [ "$COMMAND" != up ] && die '--new-daemon belongs to up'
  $ADOPT && [ "$COMMAND" != up ] && die '--adopt belongs to up'
  $JSON && [ "$COMMAND" != doctor ] && die '--json belongs to doctor'
  return 0
}

# The arguments of secrets: the word check, and those that every command on a stack takes.
parse_secrets() { # check [STACK]
  [ "${1:-}" = check ] || die "secrets takes the word check, got ${1:-nothing}" 'see ./dev help'
  shift
  COMMAND='secrets check'
  parse_stack "$@"
}

# Whether a `pulumi` command line works with a stack's secrets. The others are the way out when a passphrase is lost.
needs_right_passphrase() {
  case " $* " in
    *' --show-secrets '*) ;;
    ' version '* | ' cancel '* | ' state '* | ' stack ls '* | ' stack export '* | ' stack rm '*) return 1 ;;
  esac
}

# Whether a `pulumi` command line brings a provider of secrets that is no passphrase: `--secrets-provider awskms://…`.
names_key_service() {
  case " $*" in *' --secrets-provider '*://* | *' --secrets-provider='*://*) ;; *) return 1 ;; esac
}

# The stack that a `pulumi` command line is about: its --stack or the one that `stack init` and its like name, else dev.
stack_of() {
  local previous='' plain=''
  STACK=dev
  for word; do
    case $previous in
      --stack | -s) STACK=$word ;;
      --secrets-provider | --copy-config-from) ;; # the word is their value
      *)
        case $plain/$word in
          */-*) ;;
          ' stack init/'* | ' stack rm/'* | ' stack select/'*) STACK=$word ;;
          *) plain="$plain $word" ;;
        esac
        ;;
    esac
    case $word in
      --stack=*) STACK=${word#*=} ;;
      --) return ;;
    esac
    previous=$word
  done
  STACK=${STACK##*/} # organization/project/stack
}

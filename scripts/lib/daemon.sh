# shellcheck shell=bash
# shellcheck disable=SC2034 # what these set is read by dev
# A stack lives on one Docker daemon. On another one a change would lose sight of what runs on the first, so it is
# refused before anything is changed. docs/decisions/0006 says where the id is kept.

refuse_other_daemon() { (cd "$PROJECT_DIR" && node_script daemon "$PROJECT" "$STACK"); }

# Where the state is a folder, load_stack has read the ids already.
guard_daemon() {
  if [ -z "$BACKEND_DIR" ] || [ -z "${DOCKER_ID:-}" ] || ${NEW_DAEMON:-false}; then return 0; fi
  case " $STACK_DAEMONS " in
    '  ' | *" $DOCKER_ID "*) ;;
    *) PULUMI_BACKEND_URL=$BACKEND_URL refuse_other_daemon ;;
  esac
}

# Other backends are asked through the Pulumi CLI, once that is there.
guard_daemon_elsewhere() {
  if [ -n "$BACKEND_DIR" ] || [ -z "${DOCKER_ID:-}" ] || ${NEW_DAEMON:-false}; then return 0; fi
  refuse_other_daemon
}

move_stack() {
  local backup=$DATA_DIR/$STACK.before-new-daemon.json
  DETAIL=$(cd "$PROJECT_DIR" && node_script new-daemon "$PROJECT" "$STACK" "$DOCKER_ID" "$backup")
}

# shellcheck shell=bash
# shellcheck disable=SC2034,SC2164 # what these set is read by dev, which also sets errexit
# `./dev docs` and `./dev topology`.

run_docs() {
  cd "$ROOT"
  find_project
  setup_tools
  phase docs make_docs
}

make_docs() { DETAIL=$(node_script docs); }

# The arguments of topology: --out FILE, and those that every command on a stack takes.
parse_topology() { # [STACK] [--out FILE]
  local word
  local -a others=()
  OUT=''
  while [ $# -gt 0 ]; do
    word=$1
    shift
    case $word in
      --out)
        [ $# -gt 0 ] || die '--out needs a file'
        OUT=$1
        shift
        ;;
      --out=*) OUT=${word#*=} ;;
      *) others+=("$word") ;;
    esac
  done
  parse_stack ${others[@]+"${others[@]}"}
  OUT=${OUT:-topology-$STACK.svg}
  case $OUT in /*) ;; *) OUT=$PWD/$OUT ;; esac
}

topology() {
  setup_look
  phase topology draw_topology
}

draw_topology() { DETAIL=$(cd "$PROJECT_DIR" && node_script topology "$PROJECT" "$STACK" "$OUT"); }

# shellcheck shell=bash
# shellcheck disable=SC2034,SC2164 # what these set is read by dev, which also sets errexit
# `./dev test` and `./dev lint`.

# never empty: SHELL_SCRIPTS
SHELL_SCRIPTS=(dev .ci/run bench/compose/*.sh scripts/lib/*.sh engine/*.sh images/*.sh components/*/scripts/*.sh)

# suite NAME KIND COMMAND…: runs one test suite and records its exit code and report for scripts/tally.mts.
# KIND: jest and go write their report to $REPORT themselves, node's is what it prints, plain has none.
suite() {
  local name=$1 kind=$2 status=0 start file
  shift 2
  SUITES=$((SUITES + 1))
  file=$(printf '%s/%02d-%s' "$RESULTS" "$SUITES" "$name")
  REPORT=$file.$kind
  start=$(now_ms)
  printf '==> %-10s %s\n' "$name" 'running'
  case $kind in
    node) "$@" 2>&1 | tee "$REPORT" || status=${PIPESTATUS[0]} ;;
    go) "$@" >"$REPORT" || status=$? ;;
    *) "$@" || status=$? ;;
  esac
  echo "$status" >"$file.exit"
  if [ "$kind" = go ] && [ "$status" -ne 0 ]; then grep -h '"Action":"output"' "$REPORT" | tail -n 40 || true; fi
  [ "$status" -eq 0 ] || printf '    %s failed with code %d\n' "$name" "$status"
  report "$name" 'done' $(($(now_ms) - start))
}

types() { node_modules/.bin/tsc --noEmit && node_modules/.bin/tsc --noEmit --project scripts; }
shell_scripts() { shellcheck --external-sources --source-path SCRIPTDIR "${SHELL_SCRIPTS[@]}"; }
jest() { node_modules/.bin/jest --json --outputFile="$REPORT" "$@"; }

run_test() {
  cd "$ROOT"
  find_project
  RESULTS=$ROOT/.dockwright/test-results SUITES=0
  rm -rf "$RESULTS"
  mkdir -p "$RESULTS"
  setup_tools
  phase engine look_for_engine
  quick_suites
  phase docker look_for_docker
  e2e_suite
  node_script tally "$RESULTS"
}

# Made before the tests that need it, so that those minutes are seen for what they are.
look_for_engine() {
  if "$ROOT/engine/ensure.sh" >/dev/null; then DETAIL='ready'; else DETAIL='none, for the reason above'; fi
}

quick_suites() {
  suite types plain types
  suite unit jest jest --selectProjects unit
  suite scripts node node --test 'test/scripts/*.test.mts'
  ensure_shellcheck
  if command -v shellcheck >/dev/null; then
    suite shellcheck plain shell_scripts
  else
    note 'shellcheck is not installed, the shell scripts were not checked'
  fi
  if command -v go >/dev/null; then suite engine go go_tests; else note "Go is not installed, the engine's own code was not tested"; fi
  suite sample-app node sample_app_tests
}

go_tests() { engine/test.sh -json; }

sample_app_tests() (
  cd examples/sample-app
  ensure_packages "$PWD"
  npm test --silent
)

look_for_docker() {
  NO_DOCKER=''
  resolve_docker_host
  if find_docker; then
    DETAIL="$DOCKER_VERSION at $DOCKER_FROM"
  else
    NO_DOCKER=$DOCKER_MISSING
    DETAIL='none'
  fi
}

# Without a daemon the pattern matches no test, so that jest counts every one of them as skipped.
e2e_suite() {
  local name
  if [ -z "$(find test/e2e -name '*.test.ts' 2>/dev/null)" ]; then return; fi
  if [ -z "$NO_DOCKER" ]; then
    ensure_docker_registry
    ensure_browser
    ensure_testssl
    suite e2e jest e2e
    return
  fi
  suite e2e jest e2e --testNamePattern '^no daemon, no test$'
  name=$(printf '%s/%02d-e2e.skip' "$RESULTS" "$SUITES")
  echo "$NO_DOCKER" >"$name"
}

e2e() { jest --selectProjects e2e --runInBand "$@"; }

run_lint() {
  local failed=''
  cd "$ROOT"
  find_project
  setup_tools
  ensure_shellcheck
  check types types
  check eslint node_modules/.bin/eslint .
  check prettier node_modules/.bin/prettier --check --log-level warn .
  if command -v shellcheck >/dev/null; then
    check shellcheck shell_scripts
  else
    note 'shellcheck is not installed, the shell scripts were not checked'
  fi
  if command -v go >/dev/null; then
    check gofmt gofmt_is_clean
    check 'go vet' go_vet
  fi
  [ -z "$failed" ] || die "not in order:$failed" 'formats are set right by npm run format'
}

check() { # NAME COMMAND…: adds its name to `failed`
  local name=$1 start verdict=ok
  shift
  start=$(now_ms)
  "$@" || { verdict=failed && failed="$failed $name"; }
  report "$name" "$verdict" $(($(now_ms) - start))
}

gofmt_is_clean() {
  local files
  files=$(gofmt -l engine)
  [ -z "$files" ] || { printf 'not formatted by gofmt: %s\n' "$files" && return 1; }
}

go_vet() ( cd engine && GOWORK=off CGO_ENABLED=0 go vet -mod=readonly -trimpath ./command/... ./nodehost/... )

ensure_shellcheck() { install_tool shellcheck; }

# For tests only. The package starts it as a service that everybody may write to, which nobody asked for.
ensure_docker_registry() {
  if command -v docker-registry >/dev/null; then return 0; fi
  install_tool docker-registry
  if may_install_docker && [ -d /run/systemd/system ]; then systemctl disable --now docker-registry >/dev/null 2>&1 || true; fi
}

# For the test of the page. Ubuntu's package of that name is no browser but the way to one.
ensure_browser() {
  local name
  for name in "${CHROME_PATH:-}" google-chrome google-chrome-stable chromium chromium-browser; do
    if [ -n "$name" ] && command -v "$name" >/dev/null; then return 0; fi
  done
  if ! grep -q '^ID=debian$' /etc/os-release 2>/dev/null; then return 0; fi
  install_tool chromium
}

# For the scan of an edge with a certificate of its own.
ensure_testssl() { install_tool testssl testssl.sh; }

install_tool() { # COMMAND [PACKAGE], named alike where none is given; where installing is ours to do
  local package=${2:-$1}
  if command -v "$1" >/dev/null || ! may_install_docker; then return 0; fi
  note "installing $package from the distribution"
  mkdir -p "$DATA_ROOT"
  apt_install "$DATA_ROOT/apt.log" "$package"
}

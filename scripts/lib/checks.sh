# shellcheck shell=bash
# shellcheck disable=SC2034,SC2164 # what these set is read by dev, which also sets errexit
# `./dev test` and `./dev lint`.

run_test() { # [--full] [--changed] [PATTERN…]
  local needs
  cd "$ROOT"
  find_project
  setup_tools
  ensure_shellcheck
  needs=$(node_script run-tests --needs "$@")
  case " $needs " in *' sample-app '*) ensure_packages "$ROOT/examples/sample-app" ;; esac
  # Made before the tests that need it, so that those minutes are seen for what they are.
  case " $needs " in *' engine '*) phase engine look_for_engine ;; esac
  case " $needs " in *' docker '*) setup_e2e ;; esac
  export NO_DOCKER=${NO_DOCKER:-}
  node_script run-tests "$@"
}

look_for_engine() {
  if "$ROOT/engine/ensure.sh" >/dev/null; then DETAIL='ready'; else DETAIL='none, for the reason above'; fi
}

setup_e2e() {
  phase docker look_for_docker
  if [ -n "$NO_DOCKER" ]; then return 0; fi
  ensure_docker_registry
  ensure_browser
  ensure_testssl
}

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

types() { npm run --silent typecheck; }

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
    check shellcheck scripts/shellcheck.sh
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

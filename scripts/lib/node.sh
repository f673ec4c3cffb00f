# shellcheck shell=bash
# shellcheck disable=SC2034 # what these set is read by dev
# Node and the npm packages, from the lockfile.

node_is_recent() { # vMAJOR.MINOR.PATCH: 22.18 is the first that runs .mts files without a flag
  local major minor rest=${1#v}
  major=${rest%%.*}
  rest=${rest#*.}
  minor=${rest%%.*}
  [ "${major:-0}" -gt 22 ] || { [ "${major:-0}" -eq 22 ] && [ "${minor:-0}" -ge 18 ]; }
}

# Installs DIR's packages when its lockfile changed since they were last installed. One at a time: `npm ci` begins by
# removing what is there.
ensure_packages() {
  local dir=$1 file
  DETAIL='installed'
  if packages_are_current "$dir"; then return 0; fi
  file=$DATA_ROOT/locks/npm-$(printf '%s' "$dir" | cksum | cut -d ' ' -f 1)
  (
    lock "$file" "installing the npm packages of $dir" || exit
    trap 'rm -f "$file"' EXIT # only now: an interruption while we wait must not give away the other's lock
    trap 'exit 130' INT TERM
    packages_are_current "$dir" || install_packages "$dir"
  ) || exit
  DETAIL='installed now'
}

packages_are_current() { # DIR: a linked folder belongs to another clone, and is that one's to install
  [ ! -L "$1/node_modules" ] || return 0
  [ "$(cat "$1/node_modules/.dockwright-installed" 2>/dev/null)" = "$(cksum <"$1/package-lock.json")" ]
}

install_packages() { # DIR
  local dir=$1 log
  # npm writes its own copy of the lockfile last, so a newer one means that somebody ran npm just now.
  if [ ! "$dir/node_modules/.package-lock.json" -nt "$dir/package-lock.json" ]; then
    command -v npm >/dev/null || die 'npm was not found' 'install Node.js 22.18 or newer, which brings npm (https://nodejs.org)'
    note "installing the npm packages of ${dir##*/} from the lockfile"
    log=$(mktemp)
    if ! (cd "$dir" && npm ci --no-audit --no-fund --loglevel=error) >"$log" 2>&1 </dev/null; then
      grep -v '^npm error$' "$log" | head -n 12 >&2 # npm says the reason first, its usage last
      die "npm ci failed in $dir" "its whole output is in $log"
    fi
    rm -f "$log"
  fi
  cksum <"$dir/package-lock.json" >"$dir/node_modules/.dockwright-installed"
}

# The machine's Node when it is recent enough, else the npm package `node`; sets NODE_BIN to a folder for the PATH.
ensure_node() {
  local packaged=$ROOT/node_modules/node/bin version
  version=$(node --version 2>/dev/null || true)
  NODE_BIN=''
  if ! node_is_recent "$version"; then
    [ -x "$packaged/node" ] || die "Node ${version:-} is too old and the npm package node is not there" \
      'install Node.js 22.18 or newer, or remove node_modules and run this again'
    NODE_BIN=$packaged
    export PATH="$packaged:$PATH"
    version=$(node --version)
  fi
  DETAIL="$version${NODE_BIN:+ from npm}"
}

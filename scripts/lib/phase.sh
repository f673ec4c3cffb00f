# shellcheck shell=bash
# What the user sees: phases with their time, progress, and errors that say what to do next.
# Everything here writes to file descriptor 3: standard output, or standard error where stdout carries an answer.

QUIET=false # true: phases that take less than a second are not worth a line

now_ms() { # bash 3.2 has no finer clock than seconds
  local now=${EPOCHREALTIME-}
  if [ -z "$now" ]; then
    echo $((SECONDS * 1000))
  else
    now=${now/[.,]/}
    echo "${now%???}"
  fi
}

seconds() { # MILLISECONDS → 1.2 s
  printf '%d.%d s' $(($1 / 1000)) $(($1 % 1000 / 100))
}

report() { # NAME DETAIL MILLISECONDS
  printf '==> %-10s %-44s %8s\n' "$1" "$2" "$(seconds "$3")" >&3
}

# phase NAME COMMAND…: runs the command in this shell and reports it; it may say what it found in DETAIL.
phase() {
  local name=$1 start took
  shift
  DETAIL=''
  start=$(now_ms)
  "$@"
  took=$(($(now_ms) - start))
  if ! $QUIET || [ "$took" -ge 1000 ]; then
    report "$name" "$DETAIL" "$took"
  fi
}

note() { printf '    %s\n' "$*" >&3; }

# die MESSAGE [WHAT TO DO NEXT…]
die() {
  printf 'error: %s\n' "$1" >&2
  shift
  [ $# -eq 0 ] || printf '       %s\n' "$@" >&2
  exit 1
}

# bounded SECONDS COMMAND…: the command's exit code, or 124 when it took longer.
bounded() {
  local limit=$1 pid end
  shift
  "$@" &
  pid=$!
  end=$((SECONDS + limit))
  while kill -0 "$pid" 2>/dev/null; do
    if [ "$SECONDS" -ge "$end" ]; then
      kill "$pid" 2>/dev/null || true
      wait "$pid" 2>/dev/null || true
      return 124
    fi
    sleep 0.02
  done
  wait "$pid"
}

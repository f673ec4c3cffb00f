# shellcheck shell=bash
# One at a time, on bash 3.2 and without flock. Source this file.

# lock FILE WHAT: waits until the lock is ours; `rm -f FILE` gives it back. WHAT says what its holder is doing.
# It is a symbolic link to the pid of its holder: made in one step, and readable without a race. The holder is the
# calling subshell, whose pid bash 3.2 tells only to a child.
lock() {
  local file=$1 self holder told='' deadline=$((SECONDS + 1800))
  self=$(exec sh -c 'echo $PPID')
  mkdir -p "${file%/*}"
  until ln -sn "$self" "$file" 2>/dev/null; do
    holder=$(readlink "$file" 2>/dev/null || true)
    [ -n "$holder" ] || continue
    if ! kill -0 "$holder" 2>/dev/null; then
      mv "$file" "$file.$holder" 2>/dev/null && rm -f "$file.$holder"
      continue
    fi
    if [ "$SECONDS" -ge "$deadline" ]; then
      printf 'gave up after 30 min waiting for process %s, which holds %s\n' "$holder" "$file" >&2
      return 1
    fi
    [ -n "$told" ] || printf '    waiting for process %s, which is %s\n' "$holder" "$2" >&2
    told=yes
    sleep 0.2
  done
}

# shellcheck shell=sh
# Marks logins as made here, for servers that keep nothing of a user but what it may do: MARKS_FILE lists names, on the
# data volume. They stay on it, because none is used twice.

# What runs inside the server before a login is made.
# shellcheck disable=SC2034 # for the scripts behind this one
MARK="grep -qxF '${LOGIN:-}' '$MARKS_FILE' 2>/dev/null || printf '%s\\n' '${LOGIN:-}' >>'$MARKS_FILE' || exit 1
"

# tell_whose NAMES: `ours NAME` or `other NAME` of each line
tell_whose() {
  marks=$(docker exec "$CONTAINER" sh -c 'cat "$1" 2>/dev/null || true' marks "$MARKS_FILE") || return 1
  printf '%s\n' "$1" | while IFS= read -r name; do
    [ -n "$name" ] || continue
    case "
$marks
" in
      *"
$name
"*) printf 'ours %s\n' "$name" ;;
      *) printf 'other %s\n' "$name" ;;
    esac
  done
}

# shellcheck shell=sh
# Prints `name revision since` for each line `name revision` of CREDENTIALS, in their order. PULUMI_COMMAND_STDOUT holds
# the lines from before: what has the revision it had then keeps its date. Revisions are compared as texts, because some
# hex digits are numbers to awk.
now=$(date -u +%Y-%m-%dT%H:%M:%SZ)
printf '%s\n' "$CREDENTIALS" | while read -r name revision; do
  since=$(printf '%s\n' "${PULUMI_COMMAND_STDOUT:-}" |
    awk -v name="$name" -v revision="$revision" '$1 == name && $2 "" == revision { print $3 }')
  printf '%s %s %s\n' "$name" "$revision" "${since:-$now}"
done

# shellcheck shell=sh
# Prints the daemon's id, its host's name and how it was reached, a line each. PULUMI_COMMAND_STDOUT is the answer from
# before, where there is one: a stack does not move by itself.
answer=$(docker info --format '{{.ID}}
{{.Name}}')
id=${answer%%
*}
[ -n "$id" ] || fail 'the Docker daemon does not answer' # some versions of the command succeed all the same
before=${PULUMI_COMMAND_STDOUT:-}
if [ -n "$before" ] && [ "$id" != "${before%%
*}" ]; then
  say "this stack lives on another Docker daemon than the one that answers at ${DOCKER_HOST:-the default socket}"
  say "  it lives on: $(printf '%s' "$before" | tr '\n' ' ')"
  say "  now answers: $(printf '%s' "$answer" | tr '\n' ' ')"
  fail "docs/remote-hosts.md says how to move it"
fi
printf '%s\n%s\n' "$answer" "${DOCKER_HOST:-unix:///var/run/docker.sock}"

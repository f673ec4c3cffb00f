# shellcheck shell=sh
# Replaces the PIECE of the edge's configuration by the files on standard input, and serves it.
is_running "$CONTAINER" || fail "the edge does not run: $CONTAINER"

# Files that say where the edge's public segment lies, which Docker decides: its ranges, and the host's addresses on it.
segment_files() {
  subnets=$(docker network inspect --format '{{range .IPAM.Config}}{{println .Subnet}}{{end}}' "$PUBLIC_NETWORK")
  gateways=$(docker inspect --format \
    "{{with index .NetworkSettings.Networks \"$PUBLIC_NETWORK\"}}{{println .Gateway}}{{println .IPv6Gateway}}{{end}}" "$CONTAINER")
  echo "@@file public-subnets.conf"
  printf '%s\n' "$subnets" | sed -n 's/..*/& 1;/p'
  # Without them nginx refuses a configuration that trusts the host.
  printf '%s\n' "$gateways" | grep -q . || return 0
  echo "@@file host-gateway.conf"
  printf '%s\n' "$gateways" | sed -n 's/..*/& 1;/p'
  echo "@@file host-real-ip.conf"
  printf '%s\n' "$gateways" | sed -n 's/..*/set_real_ip_from &;/p'
}

if [ -n "${PUBLIC_NETWORK:-}" ]; then segment=$(segment_files); fi
{
  [ -z "${segment:-}" ] || printf '%s\n' "$segment"
  cat
} | docker exec -i "$CONTAINER" sh -c "$INSIDE" activate "$PIECE" put >&2

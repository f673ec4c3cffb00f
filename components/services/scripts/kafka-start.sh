#!/usr/bin/env bash
# Formats a fresh data volume, then starts the broker in the foreground.
set -eu
config=/etc/dockwright/server.properties
data=/var/lib/kafka/data/logs

# 16 random bytes in URL-safe base64, as a cluster id must be; a leading dash would be taken for an option.
cluster_id() {
  head -c 16 /dev/urandom | base64 | tr '+/' 'A_' | cut -c 1-22
}

if [ ! -f "$data/meta.properties" ]; then
  KAFKA_HEAP_OPTS=-Xmx128m /opt/kafka/bin/kafka-storage.sh format --config "$config" \
    --cluster-id "$(cluster_id)" --ignore-formatted
fi
exec /opt/kafka/bin/kafka-server-start.sh "$config"

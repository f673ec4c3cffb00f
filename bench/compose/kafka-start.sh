#!/usr/bin/env bash
# Formats a fresh data volume with the one login of the applications, then starts the broker.
set -eu
config=/etc/dockwright/server.properties
data=/var/lib/kafka/data/logs
if [ ! -f "$data/meta.properties" ]; then
  login="SCRAM-SHA-512=[name=app,iterations=8192,password=$(cat /run/secrets/SERVER_PASSWORD)]"
  KAFKA_HEAP_OPTS=-Xmx128m /opt/kafka/bin/kafka-storage.sh format --config "$config" \
    --cluster-id 5L6g3nShT-eMCtK--X86sw --ignore-formatted --add-scram "$login"
fi
exec /opt/kafka/bin/kafka-server-start.sh "$config"

#!/bin/bash
# Run once while the image is built: starts a broker, uses the tools on it, and archives every class that was loaded.
set -euo pipefail

cd /tmp
export PATH=/opt/kafka/bin:$PATH
sed 's|^log.dirs=.*|log.dirs=/tmp/data|' /opt/kafka/config/server.properties >server.properties
cat >>server.properties <<'END'
authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
super.users=User:ANONYMOUS
sasl.enabled.mechanisms=SCRAM-SHA-512
END

# record NAME COMMAND…: runs the command and keeps the list of classes that it loaded.
record() {
  local list=/tmp/$1.classes
  shift
  KAFKA_OPTS="-Xshare:off -XX:DumpLoadedClassList=$list" "$@"
}
server=(--bootstrap-server localhost:9092)

record storage kafka-storage.sh format --cluster-id 5L6g3nShT-eMCtK--X86sw --config server.properties \
  --add-scram 'SCRAM-SHA-512=[name=admin,password=training]'
KAFKA_HEAP_OPTS=-Xmx512M record broker kafka-server-start.sh server.properties >broker.log 2>&1 &
broker=$!
trap 'kill "$broker" 2>/dev/null || true' EXIT
deadline=$((SECONDS + 120))
until grep -q 'Kafka Server started' broker.log; do
  if [ "$SECONDS" -ge "$deadline" ] || ! kill -0 "$broker"; then
    cat broker.log
    echo 'the broker did not start within 120 s'
    exit 1
  fi
  sleep 0.2
done

record versions kafka-broker-api-versions.sh "${server[@]}" >/dev/null
record topics kafka-topics.sh "${server[@]}" --create --topic training
record list kafka-topics.sh "${server[@]}" --describe
printf 'SCRAM-SHA-512=iterations=8192,password=training\n' |
  record scram kafka-configs.sh "${server[@]}" --alter --entity-type users --entity-name app --add-config-file /dev/stdin
record configs kafka-configs.sh "${server[@]}" --describe --entity-type topics --entity-name training
record acls kafka-acls.sh "${server[@]}" --add --allow-principal User:app --operation Read --topic app. \
  --resource-pattern-type prefixed
record acl-list kafka-acls.sh "${server[@]}" --list >/dev/null
echo hello | record producer kafka-console-producer.sh "${server[@]}" --topic training
record consumer kafka-console-consumer.sh "${server[@]}" --topic training --from-beginning --max-messages 1 \
  --group training
record groups kafka-consumer-groups.sh "${server[@]}" --describe --all-groups
record quorum kafka-metadata-quorum.sh "${server[@]}" describe --status >/dev/null
kill "$broker"
wait "$broker" || true
trap - EXIT

# Each list numbers its classes on its own, so the numbers go; classes of other loaders need them and stay out.
awk '/^#/ || /source:/ { next } !/^@/ { $0 = $1 } !seen[$0]++' ./*.classes >all.classlist
read -r jars </opt/kafka/libs/classpath
java -Xshare:dump -XX:SharedClassListFile=all.classlist -XX:SharedArchiveFile=/opt/kafka/kafka.jsa -Xlog:cds=error \
  -Xlog:cds+heap=error -cp "$jars" >dump.log 2>&1 || { tail -n 20 dump.log; exit 1; }
ls -l /opt/kafka/kafka.jsa

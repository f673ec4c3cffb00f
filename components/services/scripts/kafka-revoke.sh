# shellcheck shell=sh
# Retires the principal LOGIN: its password is overwritten with a random one and its rights are removed. It is not
# deleted, because replaying the deletion of a SCRAM user locks out every other one at the next start (Kafka 4.1).
can_revoke || exit 0
# shellcheck disable=SC2016 # expanded inside the container
RETIRE='
exec 9>/tmp/dockwright-admin.lock
flock 9
printf "%s=iterations=8192,password=%s\n" "$4" "$(head -c 32 /dev/urandom | sha256sum | cut -d " " -f 1)" |
  /opt/kafka/bin/kafka-configs.sh --bootstrap-server "$1" --alter --entity-type users --entity-name "$2" \
    --add-config-file /dev/stdin
/opt/kafka/bin/kafka-acls.sh --bootstrap-server "$1" --remove --force --allow-principal "User:$2" --producer \
  --consumer --topic "$3" --group "$3" --resource-pattern-type prefixed </dev/null'

docker exec -e KAFKA_HEAP_OPTS=-Xmx96m -e KAFKA_JVM_PERFORMANCE_OPTS="-XX:TieredStopAtLevel=1 -XX:+UseSerialGC" \
  "$CONTAINER" sh -ec "$RETIRE" retire "$ADMIN_ADDRESS" "$LOGIN" "$PREFIX" "$MECHANISM" >/dev/null

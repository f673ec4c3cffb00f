# shellcheck shell=sh
# Makes the SCRAM principal LOGIN with the password on standard input and its rights under PREFIX, and proves it from
# another container. One at a time: each tool is a JVM in the broker's own memory limit.
IFS= read -r password
TOOL_JVM="-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xshare:auto"

# shellcheck disable=SC2016 # expanded inside the container
APPLY='
exec 9>/tmp/dockwright-admin.lock
flock 9
/opt/kafka/bin/kafka-configs.sh --bootstrap-server "$1" --alter --entity-type users --entity-name "$2" \
  --add-config-file /dev/stdin
/opt/kafka/bin/kafka-acls.sh --bootstrap-server "$1" --add --allow-principal "User:$2" --producer --consumer \
  --topic "$3" --group "$3" --resource-pattern-type prefixed </dev/null'

printf '%s=iterations=8192,password=%s\n' "$MECHANISM" "$password" |
  docker exec -i -e KAFKA_HEAP_OPTS=-Xmx96m -e KAFKA_JVM_PERFORMANCE_OPTS="$TOOL_JVM" "$CONTAINER" \
    sh -ec "$APPLY" apply "$ADMIN_ADDRESS" "$LOGIN" "$PREFIX" >/dev/null

# shellcheck disable=SC2016 # expanded inside the probe
PROOF='
umask 077
IFS= read -r password
log_in() {
  {
    printf "security.protocol=SASL_PLAINTEXT\nsasl.mechanism=%s\n" "$3"
    printf "default.api.timeout.ms=10000\nrequest.timeout.ms=8000\n"
    printf "sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required "
    printf "username=\"%s\" password=\"%s\";\n" "$2" "$4"
  } >/tmp/client.properties
  /opt/kafka/bin/kafka-broker-api-versions.sh --bootstrap-server "$1" --command-config /tmp/client.properties 2>&1
}
case $(log_in "$1" "$2" "$3" wrong) in
  *"invalid credentials"*) ;;
  *) echo "a wrong password was not refused" >&2; exit 1 ;;
esac
case $(log_in "$1" "$2" "$3" "$password") in
  *"ApiVersions"*) ;;
  *) echo "the new login does not work" >&2; exit 1 ;;
esac'

export PROBE_MEMORY=256m
printf '%s\n' "$password" |
  probe_container env LOG_DIR=/tmp KAFKA_HEAP_OPTS=-Xmx96m KAFKA_JVM_PERFORMANCE_OPTS="$TOOL_JVM" \
    sh -c "$PROOF" proof "$CLIENT_ADDRESS" "$LOGIN" "$MECHANISM" >&2

#!/bin/sh
# Runs a class of Kafka: kafka-run-class.sh CLASS [ARGUMENT…]. The usual variables are honoured: KAFKA_HEAP_OPTS,
# KAFKA_JVM_PERFORMANCE_OPTS, KAFKA_LOG4J_OPTS, KAFKA_OPTS, CLASSPATH. The defaults suit tools that run briefly.
: "${KAFKA_HEAP_OPTS=-Xmx256M}"
: "${KAFKA_JVM_PERFORMANCE_OPTS=-XX:+UseSerialGC -XX:TieredStopAtLevel=1}"
# Log4j's own simple logger: warnings to standard error, and no configuration to parse.
: "${KAFKA_LOG4J_OPTS=-Dlog4j2.loggerContextFactory=org.apache.logging.log4j.simple.SimpleLoggerContextFactory -Dlog4j2.simplelogLevel=WARN}"
read -r jars </opt/kafka/libs/classpath
# shellcheck disable=SC2086 # options are lists of words
exec java $KAFKA_HEAP_OPTS $KAFKA_JVM_PERFORMANCE_OPTS -XX:SharedArchiveFile=/opt/kafka/kafka.jsa -Xlog:cds=off \
  $KAFKA_LOG4J_OPTS -cp "$jars${CLASSPATH:+:$CLASSPATH}" ${KAFKA_OPTS-} "$@"

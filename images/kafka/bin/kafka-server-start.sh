#!/bin/sh
# Starts a broker: kafka-server-start.sh SERVER_PROPERTIES [--override NAME=VALUE…]
export KAFKA_HEAP_OPTS="${KAFKA_HEAP_OPTS--Xmx1G -Xms1G}"
# The official image optimises for brokers that run for months. One that stands in for it is started all day: with the
# first compiler alone it takes 5.9 instead of 9.4 seconds of processor time until it is ready.
export KAFKA_JVM_PERFORMANCE_OPTS="${KAFKA_JVM_PERFORMANCE_OPTS--XX:TieredStopAtLevel=1 -XX:+UseG1GC -XX:MaxGCPauseMillis=20 -XX:InitiatingHeapOccupancyPercent=35 -XX:+ExplicitGCInvokesConcurrent -Djava.awt.headless=true}"
export KAFKA_LOG4J_OPTS="${KAFKA_LOG4J_OPTS--Dlog4j2.configurationFile=/opt/kafka/config/log4j2.yaml}"
exec /opt/kafka/bin/kafka-run-class.sh kafka.Kafka "$@"

#!/bin/sh
# Every tool is a link to this script, which runs the class that belongs to the link's name.
case ${0##*/} in
  kafka-acls.sh) class=org.apache.kafka.tools.AclCommand ;;
  kafka-broker-api-versions.sh) class=org.apache.kafka.tools.BrokerApiVersionsCommand ;;
  kafka-configs.sh) class=kafka.admin.ConfigCommand ;;
  kafka-console-consumer.sh) class=org.apache.kafka.tools.consumer.ConsoleConsumer ;;
  kafka-console-producer.sh) class=org.apache.kafka.tools.ConsoleProducer ;;
  kafka-consumer-groups.sh) class=org.apache.kafka.tools.consumer.group.ConsumerGroupCommand ;;
  kafka-metadata-quorum.sh) class=org.apache.kafka.tools.MetadataQuorumCommand ;;
  kafka-storage.sh) class=kafka.tools.StorageTool ;;
  kafka-topics.sh) class=org.apache.kafka.tools.TopicCommand ;;
  *)
    echo "no such tool: ${0##*/}" >&2
    exit 127
    ;;
esac
exec /opt/kafka/bin/kafka-run-class.sh "$class" "$@"

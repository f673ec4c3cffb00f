// Runs in a container of the application's image, beside Kafka. Standard input: `{host, username, password, steps: [[act,
// name]]}`. Standard output: what each step gave, or the words with which it was refused.
import process from "node:process";
import { text } from "node:stream/consumers";
import { Kafka, logLevel } from "kafkajs";

const { host, username, password, steps } = JSON.parse(await text(process.stdin));
const sasl = { mechanism: "scram-sha-512", username, password };
const kafka = new Kafka({ brokers: [`${host}:29092`], sasl, logLevel: logLevel.NOTHING, retry: { retries: 3 } });
const admin = kafka.admin();
await admin.connect();

const acts = {
  topic: (topic) => admin.createTopics({ waitForLeaders: true, topics: [{ topic, numPartitions: 1 }] }),
  group: async (groupId) => {
    const consumer = kafka.consumer({ groupId });
    await consumer.connect();
    try {
      await consumer.subscribe({ topics: ["shop.orders"] });
      const joined = new Promise((resolve, reject) => {
        consumer.on(consumer.events.GROUP_JOIN, resolve);
        consumer.on(consumer.events.CRASH, ({ payload }) => reject(payload.error));
      });
      await consumer.run({ eachMessage: () => undefined });
      await joined;
    } finally {
      await consumer.disconnect();
    }
  },
  transaction: async (transactionalId) => {
    const producer = kafka.producer({ transactionalId, maxInFlightRequests: 1, idempotent: true });
    await producer.connect();
    try {
      const transaction = await producer.transaction();
      await transaction.send({ topic: "shop.orders", messages: [{ value: "one" }] });
      await transaction.commit();
    } finally {
      await producer.disconnect();
    }
  },
  settings: (name) => admin.describeConfigs({ includeSynonyms: false, resources: [{ type: 2, name }] }),
  partitions: (topic) => admin.createPartitions({ topicPartitions: [{ topic, count: 2 }] }),
  removeRecords: (topic) => admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: "-1" }] }),
  removeTopic: (topic) => admin.deleteTopics({ topics: [topic] }),
  removeGroup: (groupId) => admin.deleteGroups([groupId]),
  topics: async () => (await admin.listTopics()).join(),
};

const results = [];
for (const [act, name] of steps) {
  try {
    results.push((await acts[act](name)) ?? "done");
  } catch (error) {
    const ofParts = [...(error.groups ?? []), ...(error.cause?.partitions ?? [])];
    const parts = ofParts.map((part) => part.error);
    const words = [error, error.cause, ...(error.errors ?? []), ...parts].map((each) => each?.message ?? "").join(" ");
    // The driver's words for a group and a transactional id that it may not use.
    results.push(/not authorized|authorization failed|^Failed to find group coor/i.test(words) ? "refused" : words);
  }
}
await admin.disconnect();
process.stdout.write(JSON.stringify(results));
process.exit(0);

import type { Consumer, EachMessagePayload, Kafka } from "kafkajs";
import type { Logger } from "pino";
import { retry, Stopped } from "../../retry.ts";
import { aborted } from "../../stop.ts";
import { attachedFreshMs, type Pulse } from "../broker.ts";
import { ensureTopics } from "./client.ts";

export interface KafkaConsumeOptions {
  readonly kafka: Kafka;
  readonly groupId: string;
  readonly topics: readonly string[];
  /** Where a new group begins, and whether its place is kept. */
  readonly from: "beginning" | "now";
  readonly handle: (topic: string, text: string) => Promise<void>;
  readonly pulse: Pulse;
  readonly concurrency: number;
  readonly stop: AbortSignal;
  readonly log: Logger;
}

/** The least a broker allows by default: a killed worker's partitions are free this soon. */
const sessionTimeoutMs = attachedFreshMs;
const heartbeatIntervalMs = 1_500;

/** Consumes until told to stop, through every outage of the broker. */
export async function consumeUntilStopped(options: KafkaConsumeOptions): Promise<void> {
  try {
    await retry(() => consumeOnce(options), { what: "kafka", stop: options.stop, log: options.log });
  } catch (error) {
    if (!(error instanceof Stopped)) throw error;
  }
}

/**
 * One consumer, from its login to the stop; then it finishes the event in hand, commits and leaves
 * the group. Rejects when the client gives up, which it does for a coordinator that a new broker
 * has yet to make, or a login that is refused: the next try takes a new client.
 */
async function consumeOnce(options: KafkaConsumeOptions): Promise<void> {
  const { kafka, groupId, pulse, stop, log } = options;
  const consumer = kafka.consumer({
    groupId,
    sessionTimeout: sessionTimeoutMs,
    rebalanceTimeout: 10_000,
    heartbeatInterval: heartbeatIntervalMs,
    // A stop waits for the fetch that is under way.
    maxWaitTimeInMs: 500,
    allowAutoTopicCreation: false,
  });
  watch(consumer, pulse, log);
  const crashed = crashOf(consumer);
  try {
    await start(consumer, options);
    await Promise.race([aborted(stop), crashed]);
  } finally {
    await consumer.disconnect();
  }
}

async function start(consumer: Consumer, options: KafkaConsumeOptions): Promise<void> {
  const { kafka, topics, from, handle, concurrency } = options;
  const admin = kafka.admin();
  try {
    await admin.connect();
    await ensureTopics(admin, topics);
  } finally {
    await admin.disconnect();
  }
  await consumer.connect();
  await consumer.subscribe({ topics: [...topics], fromBeginning: from === "beginning" });
  await consumer.run({
    autoCommit: from === "beginning",
    partitionsConsumedConcurrently: concurrency,
    eachMessage: async (payload) => {
      const end = keepAttached(payload);
      try {
        await handle(payload.topic, payload.message.value?.toString() ?? "");
      } finally {
        end();
      }
    },
  });
}

/** The client's own heartbeats pause while a message is handled, however long that takes. */
function keepAttached({ heartbeat }: EachMessagePayload): () => void {
  const timer = setInterval(() => void heartbeat().catch(() => undefined), heartbeatIntervalMs);
  return () => clearInterval(timer);
}

/** A consumer is attached as long as the group's coordinator answers its heartbeats. */
function watch(consumer: Consumer, pulse: Pulse, log: Logger): void {
  const { GROUP_JOIN, HEARTBEAT, CRASH, DISCONNECT, STOP } = consumer.events;
  consumer.on(GROUP_JOIN, ({ payload }) => {
    pulse.proof();
    log.info({ group: payload.groupId, partitions: Object.values(payload.memberAssignment).flat() }, "attached");
  });
  consumer.on(HEARTBEAT, () => pulse.proof());
  for (const event of [CRASH, DISCONNECT, STOP]) consumer.on(event, () => pulse.lost());
}

/** Rejects when the client gives up for good, with what made it do so. */
function crashOf(consumer: Consumer): Promise<never> {
  const crashed = new Promise<never>((_resolve, reject) => {
    consumer.on(consumer.events.CRASH, ({ payload: { error, restart } }) => {
      if (!restart) reject(error);
    });
  });
  // It may happen before anyone waits for it.
  crashed.catch(() => undefined);
  return crashed;
}

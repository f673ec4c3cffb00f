import type { Consumer, Kafka } from "kafkajs";
import type { Logger } from "pino";
import { ensureTopics } from "../clients/kafka.ts";
import { type OrderEvent, parseOrderEvent } from "../events.ts";
import { retry, Stopped } from "../retry.ts";
import { aborted } from "../stop.ts";
import type { Heartbeat } from "./heartbeat.ts";

export interface ConsumeOptions {
  readonly kafka: Kafka;
  readonly groupId: string;
  readonly topic: string;
  /** Handles one event; the offset is committed only after it returned. May see an event twice. */
  readonly handle: (event: OrderEvent) => Promise<void>;
  readonly heartbeat: Heartbeat;
  readonly stop: AbortSignal;
  readonly log: Logger;
}

/** The least a broker allows by default: a killed worker's partitions are free this soon. */
export const sessionTimeoutMs = 6_000;

/** Consumes until told to stop, through every outage of the broker. */
export async function consume(options: ConsumeOptions): Promise<void> {
  try {
    await retry(() => consumeOnce(options), {
      what: "kafka",
      stop: options.stop,
      log: options.log,
    });
  } catch (error) {
    if (!(error instanceof Stopped)) throw error;
  } finally {
    options.heartbeat.end();
  }
}

/**
 * One consumer, from its login to the stop; then it finishes the event in hand, commits and leaves
 * the group. Rejects when the client gives up, which it does for a coordinator that a new broker
 * has yet to make, or a login that is refused: the next try takes a new client.
 */
async function consumeOnce(options: ConsumeOptions): Promise<void> {
  const { kafka, groupId, heartbeat, stop, log } = options;
  const consumer = kafka.consumer({
    groupId,
    sessionTimeout: sessionTimeoutMs,
    rebalanceTimeout: 10_000,
    heartbeatInterval: 1_500,
    // A stop waits for the fetch that is under way.
    maxWaitTimeInMs: 500,
    allowAutoTopicCreation: false,
  });
  watch(consumer, heartbeat, log);
  const crashed = crashOf(consumer);
  try {
    await start(consumer, options);
    await Promise.race([aborted(stop), crashed]);
  } finally {
    await consumer.disconnect();
  }
}

async function start(consumer: Consumer, { kafka, topic, handle, log }: ConsumeOptions): Promise<void> {
  const admin = kafka.admin();
  try {
    await admin.connect();
    await ensureTopics(admin, [topic]);
  } finally {
    await admin.disconnect();
  }
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  await consumer.run({
    eachMessage: async ({ message, partition }) => {
      const event = parseOrderEvent(message.value?.toString());
      if (event) await handle(event);
      // Skipped, since it would be as unreadable the next time and hold up all that follow.
      else log.error({ partition, offset: message.offset }, "unreadable event skipped");
    },
  });
}

/** A consumer is attached as long as the group's coordinator answers its heartbeats. */
function watch(consumer: Consumer, heartbeat: Heartbeat, log: Logger): void {
  const { GROUP_JOIN, HEARTBEAT, CRASH, DISCONNECT, STOP } = consumer.events;
  consumer.on(GROUP_JOIN, ({ payload }) => {
    heartbeat.proof();
    log.info({ group: payload.groupId, partitions: Object.values(payload.memberAssignment).flat() }, "attached");
  });
  consumer.on(HEARTBEAT, () => heartbeat.proof());
  for (const event of [CRASH, DISCONNECT, STOP]) consumer.on(event, () => heartbeat.lost());
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

import { type Admin, Kafka, type LogEntry, logLevel, type SASLOptions } from "kafkajs";
import type { Logger } from "pino";

export interface KafkaSettings {
  readonly KAFKA_BROKER_URL: string[];
  readonly KAFKA_CREDENTIALS?: Credentials | undefined;
  readonly KAFKA_CLIENT_ID: string;
  readonly KAFKA_TOPIC_PREFIX: string;
  readonly KAFKA_GROUP_PREFIX: string;
}

interface Credentials {
  readonly mechanism: "SCRAM-SHA-512" | "SCRAM-SHA-256";
  readonly username: string;
  readonly password: string;
}

export function createKafka(settings: KafkaSettings, log: Logger): Kafka {
  const sasl = settings.KAFKA_CREDENTIALS && saslOf(settings.KAFKA_CREDENTIALS);
  return new Kafka({
    brokers: settings.KAFKA_BROKER_URL,
    clientId: settings.KAFKA_CLIENT_ID,
    connectionTimeout: 2_000,
    requestTimeout: 10_000,
    // Short, because every user of the client has a loop of its own that tries again.
    retry: { initialRetryTime: 200, maxRetryTime: 1_000, retries: 3 },
    logLevel: logLevel.WARN,
    logCreator: () => (entry) => forward(entry, log),
    ...(sasl && { sasl }),
  });
}

function saslOf({ mechanism, username, password }: Credentials): SASLOptions {
  return mechanism === "SCRAM-SHA-512"
    ? { mechanism: "scram-sha-512", username, password }
    : { mechanism: "scram-sha-256", username, password };
}

/**
 * The client's own words. What it says of each failed connection is for debugging: who uses the
 * client reports an outage once a try. A consumer's crash is reported nowhere else.
 */
function forward({ namespace, level, log: { message, error } }: LogEntry, log: Logger): void {
  const fields = {
    from: `kafkajs ${namespace}`,
    ...(typeof error === "string" && { reason: error }),
  };
  if (namespace === "Consumer" && level === logLevel.ERROR) log.warn(fields, message);
  else log.debug(fields, message);
}

/**
 * Creates the topics that are missing. The broker lists only what this principal may see and
 * lets it create by name, so that rights limited to a prefix are enough.
 */
export async function ensureTopics(admin: Admin, topics: readonly string[]): Promise<void> {
  const present = await admin.listTopics();
  const missing = topics.filter((topic) => !present.includes(topic));
  if (missing.length === 0) return;
  // Two replicas may get here at once: that a topic exists by now is no error.
  await admin.createTopics({
    waitForLeaders: true,
    topics: missing.map((topic) => ({ topic, numPartitions: 3, replicationFactor: 1 })),
  });
}

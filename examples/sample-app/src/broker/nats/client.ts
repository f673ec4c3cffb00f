import type { JetStreamManager, StreamConfig } from "@nats-io/jetstream";
import { DiscardPolicy, JetStreamApiError, RetentionPolicy, StorageType } from "@nats-io/jetstream";
import { connect, nanos, type NatsConnection } from "@nats-io/transport-node";
import type { Logger } from "pino";
import { reasonOf } from "../../retry.ts";
import type { Stream } from "../broker.ts";

export interface NatsSettings {
  readonly NATS_URL: string;
  readonly NATS_CREDENTIALS?: { readonly username: string; readonly password: string } | undefined;
  readonly NATS_SUBJECT_PREFIX: string;
  readonly NATS_INBOX_PREFIX: string;
  readonly NATS_CLIENT_NAME: string;
}

const dayMs = 24 * 3600 * 1000;

/** Room for some hundred thousand messages of ours. The account has to allow it for each stream. */
const maxStreamBytes = 64 * 1024 * 1024;

/** A connection that stays: it reconnects for ever, also when its login is refused for a while. */
export async function connectNats(settings: NatsSettings, log: Logger): Promise<NatsConnection> {
  const { NATS_CREDENTIALS: credentials } = settings;
  const connection = await connect({
    servers: settings.NATS_URL,
    name: settings.NATS_CLIENT_NAME,
    inboxPrefix: settings.NATS_INBOX_PREFIX,
    ...(credentials && { user: credentials.username, pass: credentials.password }),
    timeout: 2_000,
    pingInterval: 5_000,
    maxReconnectAttempts: -1,
    reconnectTimeWait: 500,
    ignoreAuthErrorAbort: true,
  });
  void report(connection, log);
  return connection;
}

async function report(connection: NatsConnection, log: Logger): Promise<void> {
  for await (const status of connection.status()) {
    if (status.type === "disconnect") log.warn("nats connection lost");
    else if (status.type === "reconnect") log.info("nats connected again");
    // A right that is missing is reported here and nowhere else.
    else if (status.type === "error") log.warn({ reason: reasonOf(status.error) }, "nats refused");
  }
}

/** Names of streams must not contain the dots of their subjects. */
export const streamName = (prefix: string, { name }: Stream): string => `${prefix}${name}`.replaceAll(".", "_");

export const streamSubject = (prefix: string, { name }: Stream): string => `${prefix}${name}`;

/**
 * A full queue refuses what is new, which then waits in the outbox; nothing in it is dropped. A full log forgets its
 * oldest messages.
 */
function streamConfig(prefix: string, stream: Stream): Partial<StreamConfig> & { name: string } {
  const queue = stream.kind === "queue";
  return {
    name: streamName(prefix, stream),
    subjects: [streamSubject(prefix, stream)],
    retention: queue ? RetentionPolicy.Workqueue : RetentionPolicy.Limits,
    discard: queue ? DiscardPolicy.New : DiscardPolicy.Old,
    max_age: queue ? 0 : nanos(7 * dayMs),
    max_bytes: maxStreamBytes,
    storage: StorageType.File,
    num_replicas: 1,
    duplicate_window: nanos(120_000),
  };
}

/** Makes the streams, or brings those of another version up to date. As good as free when there is nothing to do. */
export async function ensureStreams(
  manager: JetStreamManager,
  prefix: string,
  streams: readonly Stream[],
): Promise<void> {
  for (const stream of streams) {
    const config = streamConfig(prefix, stream);
    await manager.streams.add(config).catch((error: unknown) => {
      if (!isApiError(error, streamDiffers)) throw error;
      return manager.streams.update(config.name, config);
    });
  }
}

/** Codes of the server, for what exists already with another configuration. */
export const streamDiffers = 10_058;
export const consumerDiffers = 10_148;

export const isApiError = (error: unknown, code: number): boolean =>
  error instanceof JetStreamApiError && error.code === code;

import { jetstream, type JetStreamClient, jetstreamManager, type JetStreamManager } from "@nats-io/jetstream";
import type { NatsConnection } from "@nats-io/transport-node";
import type { Logger } from "pino";
import { reasonOf, retry, Stopped } from "../../retry.ts";
import { type Broker, type BrokerUse, type ConsumeOptions, type Listener, notConnected } from "../broker.ts";
import type { Outgoing, Stream } from "../broker.ts";
import { connectNats, ensureStreams, type NatsSettings, streamName, streamSubject } from "./client.ts";
import { type Attachment, ensureConsumer, pullUntilStopped } from "./consumer.ts";

/** Longer than a server needs, shorter than a readiness probe waits. */
const requestTimeoutMs = 2_000;

interface Session {
  readonly connection: NatsConnection;
  readonly client: JetStreamClient;
  readonly manager: JetStreamManager;
}

/** Streams in JetStream, broadcasts as plain messages that no stream keeps. One connection a process. */
export class NatsBroker implements Broker {
  readonly #settings: NatsSettings;
  readonly #prefix: string;
  readonly #use: BrokerUse;
  readonly #log: Logger;
  #listener: Listener | undefined;
  #opening: Promise<Session> | undefined;
  #session: Session | undefined;

  constructor(settings: NatsSettings, use: BrokerUse, log: Logger) {
    this.#settings = settings;
    this.#prefix = settings.NATS_SUBJECT_PREFIX;
    this.#use = use;
    this.#log = log;
  }

  async connect(stop: AbortSignal): Promise<void> {
    const options = { what: "nats", stop, log: this.#log };
    await retry(() => this.#open(), options).catch(() => undefined);
  }

  async publish(stream: Stream, messages: readonly Outgoing[]): Promise<void> {
    const { client, manager } = this.#connected();
    const subject = streamSubject(this.#prefix, stream);
    const send = ({ id, value }: Outgoing) => client.publish(subject, value, { msgID: id, timeout: requestTimeoutMs });
    try {
      await Promise.all(messages.map(send));
    } catch (error) {
      // A server that lost its data has no stream to answer; the next try shall find one.
      await ensureStreams(manager, this.#prefix, [stream]).catch(() => undefined);
      throw error;
    }
  }

  async consume(options: ConsumeOptions): Promise<void> {
    const { stop } = options;
    try {
      const attachment = await retry(() => this.#attach(options), { what: "nats", stop, log: this.#log });
      await pullUntilStopped(attachment, options, this.#log);
    } catch (error) {
      if (!(error instanceof Stopped)) throw error;
    }
  }

  async broadcast(topic: string, text: string): Promise<void> {
    this.#connected().connection.publish(this.#liveSubject(topic), text);
  }

  subscribe(listener: Listener): void {
    this.#listener = listener;
  }

  async check(): Promise<void> {
    const { manager } = this.#connected();
    const names = this.#use.streams.map((stream) => streamName(this.#prefix, stream));
    await Promise.all(names.map((name) => manager.streams.info(name)));
  }

  /** Sends what is still to be sent. Without a server there is nobody to send it to. */
  async close(): Promise<void> {
    const session = this.#session;
    if (!session) return;
    const flushed = session.connection.flush().catch(() => undefined);
    await Promise.race([flushed, new Promise((resolve) => setTimeout(resolve, requestTimeoutMs).unref())]);
    await session.connection.close();
  }

  async #attach({ stream, group }: ConsumeOptions): Promise<Attachment> {
    const { client, manager } = await this.#open();
    const name = streamName(this.#prefix, stream);
    const restore = async () => {
      await ensureStreams(manager, this.#prefix, [stream]);
      await ensureConsumer(manager, name, group);
    };
    await restore();
    const consumer = await client.consumers.get(name, group);
    this.#log.info({ stream: name, group }, "attached");
    return { consumer, restore };
  }

  /** The one connection, which whoever comes first makes. A failed try leaves nothing behind. */
  #open(): Promise<Session> {
    this.#opening ??= this.#connect().catch((error: unknown) => {
      this.#opening = undefined;
      throw error;
    });
    return this.#opening;
  }

  async #connect(): Promise<Session> {
    const connection = await connectNats(this.#settings, this.#log);
    try {
      const options = { timeout: requestTimeoutMs };
      const manager = await jetstreamManager(connection, options);
      await ensureStreams(manager, this.#prefix, this.#use.streams);
      this.#listen(connection);
      return (this.#session = { connection, manager, client: jetstream(connection, options) });
    } catch (error) {
      await connection.close();
      throw error;
    }
  }

  #listen(connection: NatsConnection): void {
    const listener = this.#listener;
    if (!listener) return;
    for (const topic of this.#use.topics ?? []) {
      connection.subscribe(this.#liveSubject(topic), {
        callback: (error, message) => {
          if (error) this.#log.error({ topic, reason: reasonOf(error) }, "broadcasts are not heard");
          else listener(topic, message.string());
        },
      });
    }
  }

  #connected(): Session {
    if (!this.#session || this.#session.connection.isClosed()) throw notConnected();
    return this.#session;
  }

  #liveSubject(topic: string): string {
    return `${this.#prefix}live.${topic}`;
  }
}

import { randomUUID } from "node:crypto";
import { type Admin, type Kafka, Partitioners, type Producer } from "kafkajs";
import type { Logger } from "pino";
import { retry } from "../../retry.ts";
import { type Broker, type BrokerUse, type ConsumeOptions, type Listener, notConnected } from "../broker.ts";
import type { Outgoing, Stream } from "../broker.ts";
import { createKafka, ensureTopics, type KafkaSettings } from "./client.ts";
import { consumeUntilStopped } from "./consumer.ts";

/** Streams and broadcasts as topics. A broadcast is heard by a group of its own in every process. */
export class KafkaBroker implements Broker {
  readonly #kafka: Kafka;
  readonly #admin: Admin;
  readonly #producer: Producer;
  readonly #settings: KafkaSettings;
  readonly #use: BrokerUse;
  readonly #log: Logger;
  readonly #closing = new AbortController();
  #listener: Listener | undefined;
  #listening: Promise<void> | undefined;
  #attached = false;
  #connected = false;

  constructor(settings: KafkaSettings, use: BrokerUse, log: Logger) {
    this.#kafka = createKafka(settings, log);
    this.#admin = this.#kafka.admin();
    this.#producer = this.#kafka.producer({
      allowAutoTopicCreation: false,
      createPartitioner: Partitioners.DefaultPartitioner,
    });
    this.#settings = settings;
    this.#use = use;
    this.#log = log;
  }

  async connect(stop: AbortSignal): Promise<void> {
    const connect = async () => {
      await this.#admin.connect();
      await ensureTopics(this.#admin, [...this.#streamTopics(), ...this.#liveTopics()]);
      await this.#producer.connect();
      this.#listening ??= this.#listen();
      this.#connected = true;
    };
    await retry(connect, { what: "kafka", stop, log: this.#log }).catch(() => undefined);
  }

  /** Returns once every replica in sync has the messages (`acks` all). */
  async publish(stream: Stream, messages: readonly Outgoing[]): Promise<void> {
    await this.#send(this.#topic(stream.name), messages);
  }

  consume({ stream, group, handle, pulse, concurrency = 1, stop }: ConsumeOptions): Promise<void> {
    return consumeUntilStopped({
      kafka: this.#kafka,
      groupId: `${this.#settings.KAFKA_GROUP_PREFIX}${group}`,
      topics: [this.#topic(stream.name)],
      from: "beginning",
      handle: (_topic, text) => handle(text),
      pulse,
      concurrency,
      stop,
      log: this.#log,
    });
  }

  async broadcast(topic: string, text: string): Promise<void> {
    await this.#send(this.#topic(`live.${topic}`), [{ key: topic, value: text }]);
  }

  subscribe(listener: Listener): void {
    this.#listener = listener;
  }

  /** Asks the broker for our topics: proves the login and the right to see them, too. */
  async check(): Promise<void> {
    if (!this.#connected || (this.#listener && !this.#attached)) throw notConnected();
    await this.#admin.fetchTopicMetadata({ topics: this.#streamTopics() });
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#listening;
    await Promise.allSettled([this.#producer.disconnect(), this.#admin.disconnect()]);
  }

  async #send(topic: string, messages: readonly Omit<Outgoing, "id">[]): Promise<void> {
    if (!this.#connected) throw notConnected();
    const records = messages.map(({ key, value }) => ({ key, value }));
    await this.#producer.send({ topic, acks: -1, timeout: 5_000, messages: records });
  }

  async #listen(): Promise<void> {
    const listener = this.#listener;
    if (!listener) return;
    const prefix = this.#topic("live.");
    await consumeUntilStopped({
      kafka: this.#kafka,
      groupId: `${this.#settings.KAFKA_GROUP_PREFIX}live-${randomUUID()}`,
      topics: this.#liveTopics(),
      from: "now",
      handle: async (topic, text) => listener(topic.slice(prefix.length), text),
      pulse: { proof: () => void (this.#attached = true), lost: () => void (this.#attached = false) },
      concurrency: 1,
      stop: this.#closing.signal,
      log: this.#log,
    });
  }

  #topic(name: string): string {
    return `${this.#settings.KAFKA_TOPIC_PREFIX}${name}`;
  }

  #streamTopics(): string[] {
    return this.#use.streams.map(({ name }) => this.#topic(name));
  }

  #liveTopics(): string[] {
    return (this.#use.topics ?? []).map((name) => this.#topic(`live.${name}`));
  }
}

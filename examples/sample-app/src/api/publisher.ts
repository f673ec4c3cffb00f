import { type Admin, type Kafka, Partitioners, type Producer } from "kafkajs";
import { ensureTopics } from "../clients/kafka.ts";
import { retry, type RetryOptions } from "../retry.ts";

export interface Outgoing {
  readonly key: string;
  readonly value: string;
}

/** Publishes to one topic. Usable before the broker is: publishing fails until it is connected. */
export class Publisher {
  readonly #admin: Admin;
  readonly #producer: Producer;
  readonly #topic: string;
  #connected = false;

  constructor(kafka: Kafka, topic: string) {
    this.#admin = kafka.admin();
    this.#producer = kafka.producer({
      allowAutoTopicCreation: false,
      createPartitioner: Partitioners.DefaultPartitioner,
    });
    this.#topic = topic;
  }

  /** Tries until the broker is there, unless the process is told to stop before. */
  async connect(options: Omit<RetryOptions, "what">): Promise<void> {
    const connect = async () => {
      await this.#admin.connect();
      await ensureTopics(this.#admin, [this.#topic]);
      await this.#producer.connect();
      this.#connected = true;
    };
    await retry(connect, { what: "kafka", ...options }).catch(() => undefined);
  }

  /** Returns once every replica in sync has the events (`acks` all). */
  async publish(messages: readonly Outgoing[]): Promise<void> {
    this.#assertConnected();
    await this.#producer.send({
      topic: this.#topic,
      acks: -1,
      timeout: 5_000,
      messages: [...messages],
    });
  }

  /** Asks the broker for our topic: proves the login and the right to see the topic, too. */
  async check(): Promise<void> {
    this.#assertConnected();
    await this.#admin.fetchTopicMetadata({ topics: [this.#topic] });
  }

  async close(): Promise<void> {
    await Promise.allSettled([this.#producer.disconnect(), this.#admin.disconnect()]);
  }

  #assertConnected(): void {
    if (!this.#connected) throw Object.assign(new Error("not connected"), { code: "not connected yet" });
  }
}

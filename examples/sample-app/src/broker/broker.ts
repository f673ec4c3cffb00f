/** Where messages are kept until they are handled. */
export interface Stream {
  readonly name: string;
  /** `queue`: one group handles each message, then it is gone. `log`: every group gets every message; kept for a week. */
  readonly kind: "queue" | "log";
}

export interface Outgoing {
  /** Names the message: where the broker remembers names, sending it again within two minutes adds nothing. */
  readonly id: string;
  /** Messages of one key stay in order. */
  readonly key: string;
  readonly value: string;
}

/** Who wants to know whether a consumer is attached. */
export interface Pulse {
  /** It just was. */
  proof(): void;
  /** It is no longer. */
  lost(): void;
}

/** An attached consumer proves it at least this often. */
export const attachedFreshMs = 6_000;

export interface ConsumeOptions {
  readonly stream: Stream;
  /** Consumers of one group share the messages. */
  readonly group: string;
  /**
   * Handles one message; only its return acknowledges the message. Whatever it throws brings the message back, also to
   * another consumer of the group, so that it may see a message twice. It may take longer than any timeout of the broker.
   */
  readonly handle: (value: string) => Promise<void>;
  readonly pulse: Pulse;
  /** Messages handled at the same time. @default 1 */
  readonly concurrency?: number;
  readonly stop: AbortSignal;
}

export type Listener = (topic: string, text: string) => void;

/** Thrown by a handler that gives its message back on purpose: someone else is to have it at once. */
export class GiveBack extends Error {}

/** What this application needs of a message broker. Usable before the broker is: acts fail until it is connected. */
export interface Broker {
  /** Tries until the broker is there and has the streams, unless told to stop before. Reconnects by itself afterwards. */
  connect(stop: AbortSignal): Promise<void>;
  /** Returns once the messages are stored. */
  publish(stream: Stream, messages: readonly Outgoing[]): Promise<void>;
  /** Consumes until told to stop, through every outage; then finishes what is in hand. Connects by itself. */
  consume(options: ConsumeOptions): Promise<void>;
  /** Tells every process that subscribed, and nobody later. */
  broadcast(topic: string, text: string): Promise<void>;
  /** Hears all broadcasts on the topics from the connection on: call it before `connect`. */
  subscribe(listener: Listener): void;
  /** Rejects unless the login works and the streams can be seen. */
  check(): Promise<void>;
  close(): Promise<void>;
}

/** What a process does with the broker; a stream or topic it does not name need not exist. */
export interface BrokerUse {
  readonly streams: readonly Stream[];
  /** Topics of broadcasts. @default none */
  readonly topics?: readonly string[];
}

export const notConnected = (): Error => Object.assign(new Error("not connected"), { code: "not connected yet" });

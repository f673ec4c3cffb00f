import { setTimeout as sleep } from "node:timers/promises";
import type { Pool, PoolClient } from "pg";
import type { Logger } from "pino";
import type { Outgoing } from "../broker/broker.ts";
import { backoffMs, reasonOf } from "../retry.ts";

export interface RelayOptions {
  readonly pool: Pool;
  readonly publish: (messages: Outgoing[]) => Promise<void>;
  readonly log: Logger;
}

const batchSize = 100;

/** How long an event waits at most when its own process died before it could publish it. */
const idleMs = 1_000;

interface Row {
  readonly id: string;
  readonly event_id: string;
  readonly key: string;
  readonly payload: unknown;
}

/**
 * Publishes the outbox: at once after a commit, and on its own what an outage or a crash left
 * behind. An event may go out twice (the mark is set after the broker's answer), never not at all.
 */
export class Relay {
  readonly #options: RelayOptions;
  #ended = false;
  #wake = new AbortController();

  constructor(options: RelayOptions) {
    this.#options = options;
  }

  /** There is something new to publish. */
  kick(): void {
    this.#wake.abort();
  }

  /** Ends after one more round, so that the last orders do not wait for the next process. */
  end(): void {
    this.#ended = true;
    this.kick();
  }

  async run(): Promise<void> {
    let failures = 0;
    for (let last = false; !last;) {
      last = this.#ended;
      // Nor does it hold up the end during an outage.
      if (last && failures > 0) return;
      // Renewed before the round: a kick during it must not be lost.
      this.#wake = new AbortController();
      try {
        const sent = await this.#round();
        failures = 0;
        if (sent === batchSize) continue;
      } catch (error) {
        failures++;
        this.#options.log.warn({ reason: reasonOf(error), failures }, "events wait in the outbox");
      }
      await this.#idle(failures);
    }
  }

  /** After a failure new orders do not wake it: they would only meet the same outage. */
  async #idle(failures: number): Promise<void> {
    if (this.#ended) return;
    if (failures === 0) await sleep(idleMs, undefined, { signal: this.#wake.signal }).catch(() => undefined);
    else await sleep(Math.min(backoffMs(failures), 2_000));
  }

  /** One batch. Replicas pass over each other's rows. */
  async #round(): Promise<number> {
    const client = await this.#options.pool.connect();
    try {
      await client.query("BEGIN");
      const sent = await this.#sendUnsent(client);
      await client.query("COMMIT");
      client.release();
      return sent;
    } catch (error) {
      client.release(true);
      throw error;
    }
  }

  async #sendUnsent(client: PoolClient): Promise<number> {
    const { rows } = await client.query<Row>(
      "SELECT id, event_id, key, payload FROM outbox WHERE sent_at IS NULL ORDER BY id LIMIT $1 FOR UPDATE SKIP LOCKED",
      [batchSize],
    );
    if (rows.length === 0) return 0;
    await this.#options.publish(rows.map(outgoing));
    await client.query("UPDATE outbox SET sent_at = now() WHERE id = ANY($1)", [rows.map((row) => row.id)]);
    return rows.length;
  }
}

const outgoing = ({ event_id: id, key, payload }: Row): Outgoing => ({ id, key, value: JSON.stringify(payload) });

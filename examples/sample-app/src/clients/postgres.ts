import { Client, type ClientConfig, Pool } from "pg";
import type { Logger } from "pino";
import { reasonOf } from "../retry.ts";

export interface DatabaseSettings {
  readonly DATABASE_URL: string;
  readonly POOL_SIZE: number;
  readonly POOL_OVERFLOW?: number;
}

/** A pool that gives up early: a request that waits for a dead database helps nobody. */
export function createPool(settings: DatabaseSettings, log: Logger): Pool {
  const pool = new Pool({
    connectionString: settings.DATABASE_URL,
    max: settings.POOL_SIZE + (settings.POOL_OVERFLOW ?? 0),
    connectionTimeoutMillis: 3_000,
    statement_timeout: 10_000,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
  });
  // A connection that the server closes is replaced on next use. Unheard, the event would end the
  // process: the pool itself listens only to idle clients, not to one in the middle of its work.
  pool.on("error", () => undefined);
  pool.on("connect", (client) =>
    client.on("error", (error) => log.warn({ reason: reasonOf(error) }, "database connection lost")),
  );
  return pool;
}

/** The one connection of an entry that does one thing and ends. */
export async function connectClient(config: ClientConfig): Promise<Client> {
  const client = new Client({ connectionTimeoutMillis: 3_000, keepAlive: true, ...config });
  // The query in hand or the next one rejects, too: that is where it is reported.
  client.on("error", () => undefined);
  await client.connect();
  return client;
}

/** Connection trouble, as against a fault of ours: SQLSTATE classes 08, 53, 57P and socket errors. */
export function isUnavailable(error: unknown): boolean {
  const code = (error as { code?: unknown } | undefined)?.code;
  if (typeof code === "string") return /^(08...|53...|57P..|28...|E[A-Z]+)$/.test(code);
  return error instanceof Error && /timeout|terminated|Connection ended/i.test(error.message);
}

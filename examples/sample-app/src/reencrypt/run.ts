import { connectClient } from "../clients/postgres.ts";
import { createEncryptionRing } from "../encryption-ring.ts";
import type { RunContext } from "../entries.ts";
import { common, database, encryption } from "../env/fragments.ts";
import { loadEnv } from "../env/load.ts";
import { EnvironmentError } from "../env/problems.ts";
import { retry, Stopped } from "../retry.ts";
import { tokenStore } from "./token-store.ts";
import { type Outcome, walk } from "./walk.ts";

const shape = { ...common, DATABASE_URL: database.DATABASE_URL, ...encryption };

/** A statement is one batch; one that takes longer waits for a lock that others hold for too long. */
const statementTimeoutMs = 60_000;

/** Rewrites the messages that an older key than the current one encrypted, while readers and writers go on. */
export async function reencrypt({ env, stop, log }: RunContext): Promise<void> {
  const settings = loadEnv(shape, env);
  const ring = createEncryptionRing(settings);
  const connect = () =>
    connectClient({ connectionString: settings.DATABASE_URL, statement_timeout: statementTimeoutMs });
  const client = await retry(connect, { what: "postgres", stop, log, tries: 10 });
  try {
    const outcome = await walk({ store: tokenStore(client, ring.current), ring, stop });
    const { passes, read, rewritten, noted, newer } = outcome;
    log.info({ passes, read, rewritten, noted, newer }, "messages without the current kid read, old ones rewritten");
    throwUnlessDone(outcome);
  } finally {
    await client.end();
  }
}

/** Throws what is in the way of removing every key older than the current one. */
export function throwUnlessDone({ complete, unreadable, unreadableIds, stale, passes }: Outcome): void {
  if (unreadable > 0) {
    const ids = unreadableIds.join(", ") + (unreadable > unreadableIds.length ? ", …" : "");
    throw new EnvironmentError([
      `ENCRYPTION_KEYS: want a key for every token in messages, got none for ${unreadable} (id ${ids}); put the key back or remove these rows`,
    ]);
  }
  if (!complete) throw new Stopped("stopped before the last message; run this again to go on");
  if (stale > 0)
    throw new Error(
      `messages: pass ${passes} still met ${stale} of an older key; end what writes them, run this again`,
    );
}

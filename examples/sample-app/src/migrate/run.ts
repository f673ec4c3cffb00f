import { readdir, readFile } from "node:fs/promises";
import type { Client } from "pg";
import { connectClient } from "../clients/postgres.ts";
import type { RunContext } from "../entries.ts";
import { common, database } from "../env/fragments.ts";
import { loadEnv } from "../env/load.ts";
import { retry, Stopped } from "../retry.ts";
import { migrateArguments, migrationsIn, plan, type Schema, type Step } from "./plan.ts";

const folderOf = (schema: Schema) => new URL(`../../migrations/${schema}/`, import.meta.url);

/** Any number that nothing else in this database locks. */
const advisoryLock = 727_001;

const createTable = `CREATE TABLE IF NOT EXISTS schema_migrations (
  revision integer PRIMARY KEY, name text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())`;

/** Brings the schema to the newest revision of this image, or up or down to `--to REV`. */
export async function migrate({ env, args, stop, log }: RunContext): Promise<void> {
  const { schema, target } = migrateArguments(args);
  const folder = folderOf(schema);
  const settings = loadEnv({ ...common, DATABASE_URL: database.DATABASE_URL }, env);
  const known = migrationsIn(await readdir(folder));
  const client = await retry(() => connectClient({ connectionString: settings.DATABASE_URL }), {
    what: "postgres",
    stop,
    log,
    tries: 10,
  });
  try {
    await lock(client);
    await client.query(createTable);
    const applied = await revisionsIn(client);
    const steps = plan(applied, known, target);
    for (const step of steps) {
      if (stop.aborted) throw new Stopped("stopped between two migrations");
      await apply(client, folder, step);
      log.info({ revision: step.revision, name: step.name }, `migrated ${step.direction}`);
    }
    const newer = target === undefined ? applied.filter((revision) => revision > known.length) : [];
    if (newer.length > 0)
      log.info({ newer, known: known.length }, "the schema is newer than this image: left as it is");
    else log.info({ steps: steps.length, revision: target ?? known.length }, "the schema is at the wanted revision");
  } finally {
    await client.end();
  }
}

/** Two jobs at once would race for the same revisions: the second waits, but not for ever. */
async function lock(client: Client): Promise<void> {
  await client.query("SET lock_timeout = '60s'");
  await client.query("SELECT pg_advisory_lock($1)", [advisoryLock]);
}

async function revisionsIn(client: Client): Promise<number[]> {
  const { rows } = await client.query<{ revision: number }>("SELECT revision FROM schema_migrations ORDER BY revision");
  return rows.map((row) => row.revision);
}

/** A migration and its record in one transaction: never half of it, never unrecorded. */
async function apply(client: Client, folder: URL, { revision, name, direction }: Step): Promise<void> {
  const file = `${String(revision).padStart(4, "0")}_${name}.${direction}.sql`;
  const sql = await readFile(new URL(file, folder), "utf8");
  await client.query("BEGIN");
  try {
    await client.query(sql);
    if (direction === "up")
      await client.query("INSERT INTO schema_migrations (revision, name) VALUES ($1, $2)", [revision, name]);
    else await client.query("DELETE FROM schema_migrations WHERE revision = $1", [revision]);
    await client.query("COMMIT");
  } catch (error) {
    await client.query("ROLLBACK").catch(() => undefined);
    throw error;
  }
}

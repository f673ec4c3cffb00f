import { randomUUID } from "node:crypto";
import type { Pool, PoolClient } from "pg";

export interface Job {
  readonly id: string;
  readonly key: string;
  readonly kind: string;
  readonly durationMs: number;
  readonly state: "queued" | "running" | "done";
  readonly attempts: number;
  readonly createdAt: Date;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
}

export interface NewJob {
  readonly kind: string;
  readonly durationMs: number;
  readonly key: string;
}

const columns = `id, key, kind, duration_ms AS "durationMs", state, attempts, created_at AS "createdAt",
  started_at AS "startedAt", finished_at AS "finishedAt"`;

/** Writes a job and its message in one transaction. The job that the same key made before is given back as it is. */
export async function addJob(pool: Pool, wanted: NewJob): Promise<{ job: Job; added: boolean }> {
  const client = await pool.connect();
  try {
    await client.query("BEGIN");
    const added = await insert(client, wanted);
    const job = added ?? (await jobOfKey(client, wanted.key));
    await client.query("COMMIT");
    client.release();
    return { job, added: added !== undefined };
  } catch (error) {
    // Thrown away rather than rolled back: what state it is in is unknown after an error.
    client.release(true);
    throw error;
  }
}

async function insert(client: PoolClient, { key, kind, durationMs }: NewJob): Promise<Job | undefined> {
  const { rows } = await client.query<Job>(
    `INSERT INTO jobs (key, kind, duration_ms) VALUES ($1, $2, $3) ON CONFLICT (key) DO NOTHING RETURNING ${columns}`,
    [key, kind, durationMs],
  );
  const job = rows[0];
  if (!job) return undefined;
  const message = { jobId: job.id };
  await client.query("INSERT INTO outbox (event_id, key, payload) VALUES ($1, $2, $3)", [
    randomUUID(),
    job.id,
    message,
  ]);
  return job;
}

async function jobOfKey(client: PoolClient, key: string): Promise<Job> {
  const { rows } = await client.query<Job>(`SELECT ${columns} FROM jobs WHERE key = $1`, [key]);
  return rows[0]!;
}

/** A job and how many times its effect was applied. */
export async function readJob(pool: Pool, id: string): Promise<(Job & { effects: number }) | undefined> {
  const { rows } = await pool.query<Job & { effects: number }>(
    `SELECT ${columns}, (SELECT count(*)::int FROM effects WHERE job_id = jobs.id) AS effects FROM jobs WHERE id = $1`,
    [id],
  );
  return rows[0];
}

export async function latestJobs(pool: Pool): Promise<Job[]> {
  return (await pool.query<Job>(`SELECT ${columns} FROM jobs ORDER BY created_at DESC LIMIT 50`)).rows;
}

/** Notes that a worker takes it up. Undefined for a job that is done, or that nobody knows. */
export async function beginJob(pool: Pool, id: string): Promise<Job | undefined> {
  const { rows } = await pool.query<Job>(
    `UPDATE jobs SET state = 'running', attempts = attempts + 1, started_at = coalesce(started_at, now())
     WHERE id = $1 AND state <> 'done' RETURNING ${columns}`,
    [id],
  );
  return rows[0];
}

/**
 * Applies a job's effect unless its key is marked already. Mark, effect and state are one statement, and so one
 * transaction: of two workers with the same job the second waits for the first one's mark and then finds it.
 */
export async function finishJob(pool: Pool, { id, key }: Job): Promise<{ applied: boolean }> {
  const { rows } = await pool.query<{ applied: boolean }>(
    `WITH mark AS (INSERT INTO applied_keys (key) VALUES ($2) ON CONFLICT DO NOTHING RETURNING key),
          effect AS (INSERT INTO effects (job_id) SELECT $1 FROM mark RETURNING id)
     UPDATE jobs SET state = 'done', finished_at = coalesce(finished_at, now()) WHERE id = $1
     RETURNING EXISTS (SELECT FROM effect) AS applied`,
    [id, key],
  );
  return { applied: rows[0]?.applied ?? false };
}

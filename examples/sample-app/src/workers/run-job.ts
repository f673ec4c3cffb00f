import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "pino";
import type { Pool } from "pg";
import { GiveBack } from "../broker/broker.ts";
import { pause } from "../stop.ts";
import type { Announce } from "../tracker/announce.ts";
import { jobEvent } from "../tracker/events.ts";
import { beginJob, finishJob, type Job, readJob } from "../tracker/job-store.ts";

export interface JobContext {
  readonly pool: Pool;
  readonly announce: Announce;
  /** How long this worker lives after a stop. */
  readonly graceMs: number;
  readonly stop: AbortSignal;
  readonly log: Logger;
}

/**
 * Runs one job. It may be called again for the same job, by anyone and at the same time: the effect is applied once, and
 * each call that finds it applied says again that the job is finished, in case the one before died before it could.
 */
export async function runJob(jobId: string, context: JobContext): Promise<void> {
  const { pool, announce, log } = context;
  const job = await beginJob(pool, jobId);
  if (!job) return sayAgain(jobId, context);
  const redelivered = job.attempts > 1;
  log.info({ jobId, kind: job.kind, attempt: job.attempts }, redelivered ? "job redelivered" : "job started");
  await announce(jobEvent(redelivered ? "redelivered" : "started", job));
  await work(job, context);
  const { applied } = await finishJob(pool, job);
  log.info({ jobId, applied }, "job finished");
  await announce(jobEvent("finished", job));
}

async function sayAgain(jobId: string, { pool, announce, log }: JobContext): Promise<void> {
  const job = await readJob(pool, jobId);
  if (job) await announce(jobEvent("finished", job));
  else log.error({ jobId }, "no such job, skipped");
}

/** The work itself, which takes its time. After a stop it goes on only if it will be done before the worker is killed. */
export async function work({ durationMs }: Pick<Job, "durationMs">, { stop, graceMs }: WorkContext): Promise<void> {
  const end = performance.now() + durationMs;
  await pause(durationMs, stop);
  const leftMs = end - performance.now();
  if (leftMs > graceMs) throw new GiveBack("the worker stops before the job would be done");
  if (leftMs > 0) await sleep(leftMs);
}

type WorkContext = Pick<JobContext, "stop" | "graceMs">;

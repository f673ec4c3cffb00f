import { randomUUID } from "node:crypto";
import type { FastifyInstance } from "fastify";
import type { Pool } from "pg";
import { z } from "zod";
import type { Announce } from "./announce.ts";
import { jobEvent } from "./events.ts";
import { addJob, latestJobs, readJob } from "./job-store.ts";

const kindWish = "want a text of 1 to 40 characters";
const durationWish = "want whole milliseconds from 100 to 60000";
const keyWish = "want a text of 1 to 128 characters";

export const newJob = z.strictObject({
  kind: z.string(kindWish).trim().min(1, kindWish).max(40, kindWish),
  durationMs: z.int(durationWish).min(100, durationWish).max(60_000, durationWish),
  key: z
    .string(keyWish)
    .min(1, keyWish)
    .max(128, keyWish)
    .default(() => randomUUID()),
});

export interface JobParts {
  readonly pool: Pool;
  readonly announce: Announce;
  /** Called after each commit. */
  readonly kick: () => void;
}

/** Jobs: accepted at once, done later by a worker. */
export function addJobs(app: FastifyInstance, { pool, announce, kick }: JobParts): void {
  app.post("/jobs", async (request, reply) => {
    const { job, added } = await addJob(pool, newJob.parse(request.body ?? {}));
    if (added) {
      // Before the message goes out, so that no worker's event comes first.
      await announce(jobEvent("queued", job));
      kick();
    }
    return reply.code(202).send(job);
  });

  app.get("/jobs", async () => ({ jobs: await latestJobs(pool) }));

  app.get<{ Params: { id: string } }>("/jobs/:id", async (request, reply) => {
    const id = z.uuid().safeParse(request.params.id);
    const job = id.success ? await readJob(pool, id.data) : undefined;
    return job ?? reply.code(404).send({ error: "no such job" });
  });
}

import { z } from "zod";
import type { Stream } from "../broker/broker.ts";

/** Where jobs wait for a worker. */
export const jobQueue: Stream = { name: "jobs", kind: "queue" };

/** The group of all workers. */
export const jobWorkers = "workers";

/** What lies in the queue: the job itself is in the database. */
export const jobMessage = z.object({ jobId: z.uuid() });

/** What processes tell each other, and every open WebSocket. */
export const topics = ["jobs", "messages"] as const;

export type Topic = (typeof topics)[number];

export type LiveEvent =
  | {
      readonly topic: "jobs";
      readonly type: "queued" | "started" | "redelivered" | "finished";
      readonly jobId: string;
      readonly kind: string;
      readonly durationMs: number;
      /** How often a worker took it up. */
      readonly attempts: number;
      readonly at: string;
    }
  | { readonly topic: "messages"; readonly type: "stored"; readonly messageId: string; readonly at: string };

/** The event of a job as it is now. */
export const jobEvent = (
  type: "queued" | "started" | "redelivered" | "finished",
  { id, kind, durationMs, attempts }: { id: string; kind: string; durationMs: number; attempts: number },
): LiveEvent => ({ topic: "jobs", type, jobId: id, kind, durationMs, attempts, at: new Date().toISOString() });

import cluster, { type Worker } from "node:cluster";
import type { Logger } from "pino";
import { backoffMs } from "../retry.ts";
import { aborted } from "../stop.ts";

export interface ProcessesOptions {
  readonly count: number;
  readonly stop: AbortSignal;
  readonly log: Logger;
}

/** A process that lived this long did not die of its start. */
const settledMs = 10_000;

/**
 * Runs this same program in `count` processes that share their ports, and replaces each that ends, ever more slowly while
 * they die young. A stop is passed on: all processes drain at the same time, and it returns once the last is gone.
 */
export async function keepProcesses({ count, stop, log }: ProcessesOptions): Promise<void> {
  const gone = Promise.withResolvers<void>();
  const bornAt = new Map<number, number>();
  let deaths = 0;
  const fork = () => {
    // Told to stop while it waited for its turn.
    if (!stop.aborted) bornAt.set(cluster.fork().id, performance.now());
  };
  cluster.on("exit", (worker: Worker, code: number | null, signal: string | null) => {
    const livedMs = performance.now() - (bornAt.get(worker.id) ?? 0);
    bornAt.delete(worker.id);
    if (stop.aborted) {
      if (bornAt.size === 0) gone.resolve();
      return;
    }
    deaths = livedMs < settledMs ? deaths + 1 : 0;
    log.error({ process: worker.id, code, signal, livedMs: Math.round(livedMs) }, "process ended, replacing it");
    setTimeout(fork, deaths > 1 ? backoffMs(deaths - 1) : 0);
  });
  for (let number = 0; number < count; number++) fork();
  await aborted(stop);
  if (bornAt.size === 0) return;
  for (const worker of Object.values(cluster.workers ?? {})) worker?.process.kill("SIGTERM");
  await gone.promise;
}

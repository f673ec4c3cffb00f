import cluster from "node:cluster";
import type { RunContext } from "../entries.ts";
import { keepProcesses } from "../http/processes.ts";
import { loadTrackerEnv, serveTracker } from "./serve.ts";

/**
 * The API of Task Tracker, in as many processes as `WORKERS` says. A single one needs nobody beside it that keeps it. The
 * environment is checked before any process is forked: what is wrong with it is said once.
 */
export async function trackerApi({ env, stop, log }: RunContext): Promise<void> {
  const settings = loadTrackerEnv(env);
  if (cluster.isPrimary && settings.WORKERS > 1) {
    const { LLM_API_KEYS: keys, OLLAMA_BASE_URL: ollama } = settings;
    log.info({ processes: settings.WORKERS, llmKeys: keys.length, ollama }, "starting");
    await keepProcesses({ count: settings.WORKERS, stop, log });
  } else {
    const process = cluster.worker?.id;
    await serveTracker({ env, settings, stop, log: process === undefined ? log : log.child({ process }) });
  }
}

import type { Logger } from "pino";

/** What every entry point gets: nothing in it reads `process` by itself. */
export interface RunContext {
  readonly env: NodeJS.ProcessEnv;
  /** Arguments after the entry's name. */
  readonly args: readonly string[];
  /** Aborted by SIGTERM or SIGINT. */
  readonly stop: AbortSignal;
  readonly log: Logger;
}

export type Run = (context: RunContext) => Promise<void>;

interface Entry {
  readonly load: () => Promise<Run>;
  readonly args: readonly string[];
}

// Loaded on demand: a worker does not pay the memory of an HTTP server it never starts.
const entries: Readonly<Record<string, () => Promise<Run>>> = {
  migrate: async () => (await import("./migrate/run.ts")).migrate,
  api: async () => (await import("./api/run.ts")).api,
  frontend: async () => (await import("./frontend/run.ts")).frontend,
  "worker notifications": async () => (await import("./workers/notifications.ts")).notifications,
  "worker recommendations": async () => (await import("./workers/recommendations.ts")).recommendations,
  reencrypt: async () => (await import("./reencrypt/run.ts")).reencrypt,
  "tracker-api": async () => (await import("./tracker/run.ts")).trackerApi,
  dashboard: async () => (await import("./dashboard/run.ts")).dashboard,
  "worker jobs": async () => (await import("./workers/jobs.ts")).jobs,
  "worker bot": async () => (await import("./workers/bot.ts")).bot,
};

/** Finds the entry that the arguments name: one word, or two for a worker. */
export function entryNamed(args: readonly string[]): Entry {
  const words = args[0] === "worker" ? 2 : 1;
  const name = args.slice(0, words).join(" ");
  const load = Object.hasOwn(entries, name) ? entries[name] : undefined;
  if (!load) throw new Error(`entry: want one of ${Object.keys(entries).join(", ")}, got "${name}"`);
  return { load, args: args.slice(words) };
}

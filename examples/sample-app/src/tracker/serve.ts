import cors from "@fastify/cors";
import type { FastifyInstance } from "fastify";
import type { Logger } from "pino";
import { brokerOf } from "../broker/create.ts";
import { createPool } from "../clients/postgres.ts";
import { createEncryptionRing } from "../encryption-ring.ts";
import { common, cors as corsEnv, database, encryption, http, llm, poolOverflow } from "../env/fragments.ts";
import { processes, product } from "../env/fragments.ts";
import { loadEnv } from "../env/load.ts";
import { drainOf, serveUntilStopped } from "../http/drain.ts";
import { addHealth } from "../http/health.ts";
import { createServer } from "../http/server.ts";
import { Relay } from "../outbox/relay.ts";
import { announceBy } from "./announce.ts";
import { jobQueue, topics } from "./events.ts";
import { addJobs, type JobParts } from "./jobs.ts";
import { LiveHub } from "./live-hub.ts";
import { addLive } from "./live.ts";
import { addMessages, type MessageParts } from "./messages.ts";

const shape = {
  ...common,
  ...http(8000),
  ...database,
  ...poolOverflow,
  ...encryption,
  ...corsEnv,
  ...llm,
  ...processes,
  ...product,
};

export const loadTrackerEnv = (env: NodeJS.ProcessEnv) => loadEnv({ ...shape, ...brokerOf(env).shape }, env);

export type TrackerSettings = ReturnType<typeof loadTrackerEnv>;

export interface ServeContext {
  readonly env: NodeJS.ProcessEnv;
  readonly settings: TrackerSettings;
  readonly stop: AbortSignal;
  readonly log: Logger;
}

/** A column of the newest migration, so that a database without its schema does not count as ready. */
export const readinessQuery = "SELECT kid FROM messages LIMIT 1";

/** The API in one process. It serves from the start; readiness says which dependency is still missing. */
export async function serveTracker({ env, settings, stop, log }: ServeContext): Promise<void> {
  const pool = createPool(settings, log);
  const broker = await brokerOf(env).create(settings, { streams: [jobQueue], topics }, log);
  const relay = new Relay({ pool, publish: (messages) => broker.publish(jobQueue, messages), log });
  const hub = new LiveHub();
  broker.subscribe((topic, text) => hub.publish(topic, text));
  const announce = announceBy(broker, log);
  const drain = drainOf(stop);
  const app = createServer({ log, version: settings.APP_VERSION, drain });
  await app.register(cors, { origin: settings.CORS_ORIGINS });
  await addLive(app, hub);
  addHealth(app, drain, {
    postgres: () => pool.query(readinessQuery),
    broker: () => broker.check(),
  });
  app.get("/", async () => ({ name: settings.APP_NAME, version: settings.APP_VERSION }));
  const ring = createEncryptionRing(settings);
  await app.register(routes({ pool, ring, announce, kick: () => relay.kick() }), { prefix: "/api" });

  void broker.connect(stop);
  const relaying = relay.run();
  const { PORT: port, DRAIN_SECONDS: drainSeconds } = settings;
  await serveUntilStopped(app, { port, drainMs: drainSeconds * 1000, stop, log });
  relay.end();
  await relaying;
  await Promise.all([broker.close(), pool.end()]);
}

const routes = (parts: JobParts & MessageParts) => async (app: FastifyInstance) => {
  app.get("/health", async () => ({ status: "ok" }));
  addJobs(app, parts);
  addMessages(app, parts);
};

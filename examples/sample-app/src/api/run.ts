import cors from "@fastify/cors";
import type { FastifyInstance } from "fastify";
import type { Pool } from "pg";
import type { Broker } from "../broker/broker.ts";
import { brokerOf } from "../broker/create.ts";
import { createPool } from "../clients/postgres.ts";
import { closeRedis, createRedis, type Redis } from "../clients/redis.ts";
import type { RunContext } from "../entries.ts";
import { common, cors as corsEnv, database, http, jwt, redis, telegramStub } from "../env/fragments.ts";
import { loadEnv } from "../env/load.ts";
import { orders } from "../events.ts";
import { drainOf, serveUntilStopped } from "../http/drain.ts";
import { addHealth } from "../http/health.ts";
import { createServer } from "../http/server.ts";
import { createRing } from "../jwt-ring.ts";
import { Relay } from "../outbox/relay.ts";
import { addMenu } from "./menu.ts";
import { addOrders } from "./orders.ts";
import { addSession } from "./session.ts";
import { addTelegramStub } from "./telegram-stub.ts";

const shape = {
  ...common,
  ...http(8000),
  ...database,
  ...redis,
  ...jwt,
  ...corsEnv,
  ...telegramStub,
};

/** The HTTP API. It serves from the start; readiness says which dependency is still missing. */
export async function api({ env, stop, log }: RunContext): Promise<void> {
  const { shape: brokerShape, create: createBroker } = brokerOf(env);
  const settings = loadEnv({ ...shape, ...brokerShape }, env);
  const pool = createPool(settings, log);
  const cache = createRedis(settings.REDIS_URL, log);
  const broker = await createBroker(settings, { streams: [orders] }, log);
  const relay = new Relay({ pool, publish: (events) => broker.publish(orders, events), log });
  const drain = drainOf(stop);
  const app = createServer({ log, version: settings.APP_VERSION, drain });
  await app.register(cors, { origin: settings.CORS_ORIGINS, credentials: true });
  addHealth(app, drain, checks(pool, cache, broker));
  await app.register(routes({ pool, cache, kick: () => relay.kick(), ring: createRing(settings) }), {
    prefix: "/api/v1",
  });
  if (settings.TELEGRAM_STUB) await app.register(addTelegramStub(cache, stop), { prefix: "/stub/telegram" });

  // Not awaited: it goes on trying until the server is there.
  void cache.connect().catch(() => undefined);
  void broker.connect(stop);
  const relaying = relay.run();
  await serveUntilStopped(app, {
    port: settings.PORT,
    drainMs: settings.DRAIN_SECONDS * 1000,
    stop,
    log,
  });
  relay.end();
  await relaying;
  await Promise.all([broker.close(), closeRedis(cache), pool.end()]);
}

interface Parts {
  readonly pool: Pool;
  readonly cache: Redis;
  readonly kick: () => void;
  readonly ring: ReturnType<typeof createRing>;
}

const routes =
  ({ pool, cache, kick, ring }: Parts) =>
  async (app: FastifyInstance) => {
    addMenu(app, pool, cache);
    addOrders(app, pool, kick);
    addSession(app, ring);
  };

function checks(pool: Pool, cache: Redis, broker: Broker) {
  return {
    // A table of ours, so that a database without its schema does not count as ready.
    postgres: () => pool.query("SELECT 1 FROM notifications LIMIT 1"),
    redis: () => cache.ping(),
    broker: () => broker.check(),
  };
}

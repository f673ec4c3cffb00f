import { brokerOf } from "../broker/create.ts";
import { reading } from "../broker/read.ts";
import { closeRedis, createRedis } from "../clients/redis.ts";
import type { RunContext } from "../entries.ts";
import { common, gemini, heartbeat, redis } from "../env/fragments.ts";
import { loadEnv } from "../env/load.ts";
import { orderEvent, orders } from "../events.ts";
import { countOrder } from "../popular.ts";
import { consumeWithHeartbeat } from "./consume.ts";

const shape = { ...common, ...redis, ...gemini, ...heartbeat };

/** Counts what is ordered, once for each event. Texts by a language model are left to the real one. */
export async function recommendations({ env, stop, log }: RunContext): Promise<void> {
  const { shape: brokerShape, create: createBroker } = brokerOf(env);
  const settings = loadEnv({ ...shape, ...brokerShape }, env);
  const { GEMINI_MODEL: model, GEMINI_API_KEYS: keys, GEMINI_MAX_REQUESTS_PER_KEY: each } = settings;
  log.info({ model, keys: keys.length, requests: keys.length * each }, "language model");
  const cache = createRedis(settings.REDIS_URL, log);
  void cache.connect().catch(() => undefined);
  const broker = await createBroker(settings, { streams: [orders] }, log);
  const handle = reading(orderEvent, log, async ({ eventId, item, quantity }) => {
    const counted = await countOrder(cache, eventId, item.slug, quantity);
    log.debug({ eventId, counted }, "event handled");
  });
  await consumeWithHeartbeat(broker, settings.HEARTBEAT_FILE, {
    stream: orders,
    group: "recommendations",
    handle,
    stop,
  });
  await broker.close();
  await closeRedis(cache);
}

import { createKafka, groupNamed, ordersTopic } from "../clients/kafka.ts";
import { closeRedis, createRedis } from "../clients/redis.ts";
import type { RunContext } from "../entries.ts";
import { common, gemini, heartbeat, kafka, redis } from "../env/fragments.ts";
import { loadEnv } from "../env/load.ts";
import { countOrder } from "../popular.ts";
import { consume, sessionTimeoutMs } from "./consume.ts";
import { Heartbeat } from "./heartbeat.ts";

const shape = { ...common, ...redis, ...kafka, ...gemini, ...heartbeat };

/** Counts what is ordered, once for each event. Texts by a language model are left to the real one. */
export async function recommendations({ env, stop, log }: RunContext): Promise<void> {
  const settings = loadEnv(shape, env);
  const { GEMINI_MODEL: model, GEMINI_API_KEYS: keys, GEMINI_MAX_REQUESTS_PER_KEY: each } = settings;
  log.info({ model, keys: keys.length, requests: keys.length * each }, "language model");
  const cache = createRedis(settings.REDIS_URL, log);
  void cache.connect().catch(() => undefined);
  await consume({
    kafka: createKafka(settings, log),
    groupId: groupNamed(settings, "recommendations"),
    topic: ordersTopic(settings),
    handle: async ({ eventId, item, quantity }) => {
      const counted = await countOrder(cache, eventId, item.slug, quantity);
      log.debug({ eventId, counted }, "event handled");
    },
    heartbeat: new Heartbeat(settings.HEARTBEAT_FILE, sessionTimeoutMs),
    stop,
    log,
  });
  await closeRedis(cache);
}

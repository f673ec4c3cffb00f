import type { Redis } from "./clients/redis.ts";

const countsKey = "lunch-bot:popular";

/** Longer than Kafka keeps events, so that no event can come again after it was forgotten. */
const rememberSeconds = 8 * 24 * 3600;

// One script, since between "not seen yet" and "counted" nothing may happen.
const countOnce = `
if redis.call('SET', KEYS[1], '1', 'NX', 'EX', ARGV[1]) then
  redis.call('ZINCRBY', KEYS[2], ARGV[2], ARGV[3])
  return 1
end
return 0`;

/** Adds to an item's count once per event id; says whether it did. */
export async function countOrder(cache: Redis, eventId: string, slug: string, quantity: number): Promise<boolean> {
  const counted = await cache.eval(countOnce, {
    keys: [`lunch-bot:counted:${eventId}`, countsKey],
    arguments: [String(rememberSeconds), String(quantity), slug],
  });
  return counted === 1;
}

/** The ten most ordered items, most ordered first. */
export async function readPopular(cache: Redis): Promise<{ item: string; count: number }[]> {
  const rows = await cache.zRangeWithScores(countsKey, 0, 9, { REV: true });
  return rows.map(({ value, score }) => ({ item: String(value), count: score }));
}

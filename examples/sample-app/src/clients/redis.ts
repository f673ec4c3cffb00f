import { createClient } from "@redis/client";
import type { Logger } from "pino";
import { backoffMs, reasonOf } from "../retry.ts";

export type Redis = ReturnType<typeof createRedis>;

/** A client that reconnects for ever, and fails commands at once while it is not connected. */
export function createRedis(url: string, log: Logger) {
  const client = createClient({
    url,
    disableOfflineQueue: true,
    socket: { connectTimeout: 2_000, reconnectStrategy: (retries) => backoffMs(retries + 1) },
  });
  client.on("error", (error) => log.warn({ reason: reasonOf(error) }, "redis connection lost"));
  client.on("ready", () => log.debug("redis connected"));
  return client;
}

/** Closes what is open; a client that never connected has nothing to close. */
export async function closeRedis(client: Redis): Promise<void> {
  if (client.isReady) await client.close().catch(() => client.destroy());
  else if (client.isOpen) client.destroy();
}

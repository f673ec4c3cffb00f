import type { Pool } from "pg";
import { createKafka, groupNamed, ordersTopic } from "../clients/kafka.ts";
import { createPool } from "../clients/postgres.ts";
import type { RunContext } from "../entries.ts";
import { common, database, heartbeat, kafka } from "../env/fragments.ts";
import { loadEnv } from "../env/load.ts";
import type { OrderEvent } from "../events.ts";
import { consume, sessionTimeoutMs } from "./consume.ts";
import { Heartbeat } from "./heartbeat.ts";

const shape = { ...common, ...database, ...kafka, ...heartbeat };

/** Turns every order event into exactly one notification. */
export async function notifications({ env, stop, log }: RunContext): Promise<void> {
  const settings = loadEnv(shape, env);
  const pool = createPool(settings, log);
  await consume({
    kafka: createKafka(settings, log),
    groupId: groupNamed(settings, "notifications"),
    topic: ordersTopic(settings),
    handle: async (event) => {
      const added = await notify(pool, event);
      log.debug({ orderId: event.orderId, eventId: event.eventId, added }, "event handled");
    },
    heartbeat: new Heartbeat(settings.HEARTBEAT_FILE, sessionTimeoutMs),
    stop,
    log,
  });
  await pool.end();
}

/** Delivery is at least once; the unique event id makes the row exactly once. */
async function notify(pool: Pool, event: OrderEvent): Promise<boolean> {
  const who = event.customer ? `${event.customer}, your` : "Your";
  const text = `${who} order is in the kitchen: ${event.quantity} × ${event.item.name}`;
  const { rowCount } = await pool.query(
    "INSERT INTO notifications (event_id, order_id, text) VALUES ($1, $2, $3) ON CONFLICT (event_id) DO NOTHING",
    [event.eventId, event.orderId, text],
  );
  return rowCount === 1;
}

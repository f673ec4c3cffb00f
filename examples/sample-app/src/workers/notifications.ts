import type { Pool } from "pg";
import { brokerOf } from "../broker/create.ts";
import { reading } from "../broker/read.ts";
import { createPool } from "../clients/postgres.ts";
import type { RunContext } from "../entries.ts";
import { common, database, heartbeat } from "../env/fragments.ts";
import { loadEnv } from "../env/load.ts";
import { type OrderEvent, orderEvent, orders } from "../events.ts";
import { consumeWithHeartbeat } from "./consume.ts";

const shape = { ...common, ...database, ...heartbeat };

/** Turns every order event into exactly one notification. */
export async function notifications({ env, stop, log }: RunContext): Promise<void> {
  const { shape: brokerShape, create: createBroker } = brokerOf(env);
  const settings = loadEnv({ ...shape, ...brokerShape }, env);
  const pool = createPool(settings, log);
  const broker = await createBroker(settings, { streams: [orders] }, log);
  const handle = reading(orderEvent, log, async (event) => {
    const added = await notify(pool, event);
    log.debug({ orderId: event.orderId, eventId: event.eventId, added }, "event handled");
  });
  await consumeWithHeartbeat(broker, settings.HEARTBEAT_FILE, { stream: orders, group: "notifications", handle, stop });
  await broker.close();
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

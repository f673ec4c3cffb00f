import { randomUUID } from "node:crypto";
import type { Pool, PoolClient } from "pg";
import type { OrderEvent } from "../events.ts";
import type { NewOrder } from "./orders.ts";

export interface Order {
  readonly id: string;
  readonly item: string;
  readonly quantity: number;
  readonly customer: string | null;
  readonly createdAt: Date;
}

interface Item {
  readonly id: number;
  readonly slug: string;
  readonly name: string;
}

/** Writes an order and its event in one transaction. Undefined when the menu lacks the item. */
export async function placeOrder(pool: Pool, wanted: NewOrder, key?: string): Promise<Order | undefined> {
  const client = await pool.connect();
  try {
    await client.query("BEGIN");
    const order = await insert(client, wanted, key);
    await client.query("COMMIT");
    client.release();
    return order;
  } catch (error) {
    // Thrown away rather than rolled back: what state it is in is unknown after an error.
    client.release(true);
    throw error;
  }
}

async function insert(client: PoolClient, wanted: NewOrder, key?: string): Promise<Order | undefined> {
  const item = await findItem(client, wanted.item);
  if (!item) return undefined;
  const inserted = await client.query<{ id: string; createdAt: Date }>(
    `INSERT INTO orders (item_id, quantity, customer, idempotency_key) VALUES ($1, $2, $3, $4)
     ON CONFLICT (idempotency_key) DO NOTHING RETURNING id, created_at AS "createdAt"`,
    [item.id, wanted.quantity, wanted.customer ?? null, key ?? null],
  );
  const row = inserted.rows[0];
  if (!row) return repeated(client, key!);
  const order: Order = {
    id: row.id,
    item: item.slug,
    quantity: wanted.quantity,
    customer: wanted.customer ?? null,
    createdAt: row.createdAt,
  };
  await insertEvent(client, order, item);
  return order;
}

async function findItem(client: PoolClient, slugOrId: string): Promise<Item | undefined> {
  const { rows } = await client.query<Item>(
    "SELECT id, slug, name FROM menu_items WHERE slug = $1 OR id::text = $1 LIMIT 1",
    [slugOrId],
  );
  return rows[0];
}

/** The order that the same key made before; its event was written then. */
async function repeated(client: PoolClient, key: string): Promise<Order | undefined> {
  const { rows } = await client.query<Order>(
    `SELECT o.id, m.slug AS item, o.quantity, o.customer, o.created_at AS "createdAt"
     FROM orders o JOIN menu_items m ON m.id = o.item_id WHERE o.idempotency_key = $1`,
    [key],
  );
  return rows[0];
}

async function insertEvent(client: PoolClient, order: Order, item: Item): Promise<void> {
  const event: OrderEvent = {
    eventId: randomUUID(),
    type: "order.created",
    orderId: order.id,
    item: { slug: item.slug, name: item.name },
    quantity: order.quantity,
    customer: order.customer,
  };
  await client.query("INSERT INTO outbox (event_id, key, payload) VALUES ($1, $2, $3)", [
    event.eventId,
    order.id,
    event,
  ]);
}

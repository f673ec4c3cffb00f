import type { FastifyInstance } from "fastify";
import type { Pool } from "pg";
import { z } from "zod";
import { placeOrder } from "./place-order.ts";

const itemWish = "want a slug or an id of the menu";
const quantityWish = "want a whole number from 1 to 20";
const customerWish = "want a text of 1 to 100 characters";

const newOrder = z.strictObject({
  item: z.union([z.string(), z.int()], itemWish).transform(String),
  quantity: z.int(quantityWish).min(1, quantityWish).max(20, quantityWish).default(1),
  customer: z.string(customerWish).trim().min(1, customerWish).max(100, customerWish).optional(),
});

const notificationsQuery = z.object({ orderId: z.uuid("want an order's id").optional() });

export type NewOrder = z.infer<typeof newOrder>;

const columns = `o.id, m.slug AS item, o.quantity, o.customer, o.created_at AS "createdAt"`;

/** Orders and the notifications that tell what became of them. `kick` is called after each commit. */
export function addOrders(app: FastifyInstance, pool: Pool, kick: () => void): void {
  app.post("/orders", async (request, reply) => {
    const wanted = newOrder.parse(request.body ?? {});
    const order = await placeOrder(pool, wanted, idempotencyKey(request.headers["idempotency-key"]));
    if (!order) {
      const unknown = { path: "item", message: itemWish };
      return reply.code(400).send({ error: "invalid request", problems: [unknown] });
    }
    kick();
    return reply.code(201).send(order);
  });

  app.get("/orders", async () => {
    const { rows } = await pool.query(
      `SELECT ${columns} FROM orders o JOIN menu_items m ON m.id = o.item_id ORDER BY o.created_at DESC LIMIT 100`,
    );
    return { orders: rows };
  });

  app.get<{ Params: { id: string } }>("/orders/:id", async (request, reply) => {
    const id = z.uuid().safeParse(request.params.id);
    const sql = `SELECT ${columns} FROM orders o JOIN menu_items m ON m.id = o.item_id WHERE o.id = $1`;
    const order = id.success ? (await pool.query(sql, [id.data])).rows[0] : undefined;
    return order ?? reply.code(404).send({ error: "no such order" });
  });

  app.get("/notifications", async (request) => {
    const { orderId } = notificationsQuery.parse(request.query);
    const { rows } = await pool.query(
      `SELECT id, order_id AS "orderId", text, created_at AS "createdAt" FROM notifications
       WHERE $1::uuid IS NULL OR order_id = $1 ORDER BY id DESC LIMIT 100`,
      [orderId ?? null],
    );
    return { notifications: rows };
  });
}

const idempotencyKey = (header: string | string[] | undefined): string | undefined =>
  typeof header === "string" && header.length <= 128 ? header : undefined;

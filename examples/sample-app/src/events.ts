import { z } from "zod";
import type { Stream } from "./broker/broker.ts";

/** Where orders go: each kind of worker reads them all. */
export const orders: Stream = { name: "orders", kind: "log" };

/** What the API publishes for each order and the workers read. */
export const orderEvent = z.object({
  eventId: z.uuid(),
  type: z.literal("order.created"),
  orderId: z.uuid(),
  item: z.object({ slug: z.string(), name: z.string() }),
  quantity: z.int().positive(),
  customer: z.string().nullable(),
});

export type OrderEvent = z.infer<typeof orderEvent>;

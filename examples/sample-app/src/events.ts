import { z } from "zod";

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

/** Reads an event; undefined for what no version of this program ever wrote. */
export function parseOrderEvent(text: string | undefined): OrderEvent | undefined {
  try {
    return orderEvent.safeParse(JSON.parse(text ?? "")).data;
  } catch {
    return undefined;
  }
}

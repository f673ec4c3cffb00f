// Proof that the stack works: an order becomes a notification, through nginx, backend, Kafka, worker and database.
import { setTimeout as sleep } from "node:timers/promises";
import { UserError } from "../../scripts/lib/run.mts";

const PATIENCE_MS = 20_000;

interface Notifications {
  readonly notifications: readonly { readonly orderId: string }[];
}

export async function placeOrder(origin: string): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  const { id } = await answer<{ id: string }>(`${origin}/api/v1/orders`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ item: "pho" }),
  });
  for (;;) {
    const { notifications } = await answer<Notifications>(`${origin}/api/v1/notifications`);
    if (notifications.some(({ orderId }) => orderId === id)) return;
    if (Date.now() > deadline) throw new UserError(`an order at ${origin} became no notification within 20 s`);
    await sleep(200);
  }
}

async function answer<Body>(url: string, init: RequestInit = {}): Promise<Body> {
  const response = await fetch(url, { ...init, signal: AbortSignal.timeout(PATIENCE_MS) });
  if (!response.ok) throw new UserError(`${url} answered ${response.status}`);
  return (await response.json()) as Body;
}

import { eventually } from "./run";

/** An order as the sample application answers it. */
export interface Order {
  readonly id: string;
}

interface Notification {
  readonly orderId: string;
}

/** The sample application, used from outside through nginx. */
export class Shop {
  constructor(private readonly origin: string) {}

  async health(): Promise<number> {
    return (await this.fetch("/health")).status;
  }

  async order(item: string): Promise<Order> {
    const response = await this.fetch("/api/v1/orders", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ item, customer: "e2e" }),
    });
    if (response.status !== 201) throw new Error(`order answered ${response.status}: ${await response.text()}`);
    return (await response.json()) as Order;
  }

  /** The slug of something on the menu. */
  async anyItem(): Promise<string> {
    const menu = await this.list<{ slug: string }>("/api/v1/menu");
    const first = menu[0];
    if (!first) throw new Error("the menu is empty");
    return first.slug;
  }

  orders(): Promise<Order[]> {
    return this.list("/api/v1/orders");
  }

  notifications(orderId: string): Promise<Notification[]> {
    return this.list(`/api/v1/notifications?orderId=${orderId}`);
  }

  /** Waits until an order has become a notification; gives the seconds it took. */
  async notified(orderId: string, seconds: number): Promise<number> {
    const start = Date.now();
    await eventually(`a notification of order ${orderId}`, seconds, async () =>
      (await this.notifications(orderId)).length > 0 ? true : undefined,
    );
    return (Date.now() - start) / 1000;
  }

  private async list<Item>(path: string): Promise<Item[]> {
    const response = await this.fetch(path);
    if (!response.ok) throw new Error(`${path} answered ${response.status}`);
    const body = (await response.json()) as Item[] | Record<string, Item[]>;
    return Array.isArray(body) ? body : (Object.values(body).find(Array.isArray) ?? []);
  }

  private fetch(path: string, init?: RequestInit): Promise<Response> {
    return fetch(this.origin + path, { ...init, signal: AbortSignal.timeout(5000) });
  }
}

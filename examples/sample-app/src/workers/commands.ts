import { z } from "zod";

const menu = z.object({
  items: z.array(z.object({ slug: z.string(), name: z.string(), priceCents: z.number() })),
});

/** Answers one command with a text. `key` names the update: ordering twice with it orders once. */
export type Answer = (text: string, key: string) => Promise<string>;

/** The bot's commands. A backend that is down rejects, so that the update is tried again. */
export function createCommands(backendUrl: string, miniAppUrl?: string): Answer {
  const call = (path: string, init: RequestInit = {}) =>
    fetch(`${backendUrl}/api/v1${path}`, { ...init, signal: AbortSignal.timeout(10_000) });

  const listMenu = async () => {
    const { items } = menu.parse(await ok(await call("/menu")).json());
    return items.map((item) => `/order ${item.slug}: ${item.name}, ${(item.priceCents / 100).toFixed(2)}`).join("\n");
  };

  const order = async (slug: string, key: string) => {
    const response = await call("/orders", {
      method: "POST",
      headers: { "content-type": "application/json", "idempotency-key": key },
      body: JSON.stringify({ item: slug, customer: "Telegram" }),
    });
    if (response.status === 400) return `There is no "${slug}" on the menu. See /menu.`;
    const { id } = (await ok(response).json()) as { id: string };
    return `Ordered. Your number is ${id}.`;
  };

  return async (text, key) => {
    const [command, argument] = text.trim().split(/\s+/);
    if (command === "/menu") return listMenu();
    if (command === "/order" && argument) return order(argument, key);
    const help = "Commands: /menu, /order <dish>";
    return miniAppUrl ? `${help}\nOr open ${miniAppUrl}` : help;
  };
}

function ok(response: Response): Response {
  if (!response.ok) throw Object.assign(new Error("the backend refused"), { code: `backend ${response.status}` });
  return response;
}

import type { Logger } from "pino";
import { z } from "zod";
import { reasonOf } from "../retry.ts";

const menu = z.object({
  items: z.array(
    z.object({
      slug: z.string(),
      name: z.string(),
      description: z.string(),
      priceCents: z.number(),
    }),
  ),
});

export type MenuItem = z.infer<typeof menu>["items"][number];

/** The menu for the first rendering; empty when the backend does not answer soon. */
export async function fetchMenu(backendUrl: string, log: Logger): Promise<MenuItem[]> {
  try {
    const response = await fetch(`${backendUrl}/api/v1/menu`, {
      signal: AbortSignal.timeout(1_000),
    });
    return menu.parse(await response.json()).items;
  } catch (error) {
    log.warn({ reason: reasonOf(error) }, "rendered without the menu");
    return [];
  }
}

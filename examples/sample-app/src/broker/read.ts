import type { Logger } from "pino";
import type { z } from "zod";

/** Reads a message; undefined for what no version of this program ever wrote. */
export function parseMessage<T>(schema: z.ZodType<T>, text: string): T | undefined {
  try {
    return schema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** A handler of texts from a handler of messages. What cannot be read is skipped: it would be as unreadable next time. */
export const reading =
  <T>(schema: z.ZodType<T>, log: Logger, handle: (message: T) => Promise<void>) =>
  async (text: string): Promise<void> => {
    const message = parseMessage(schema, text);
    if (message !== undefined) await handle(message);
    else log.error({ length: text.length }, "unreadable message skipped");
  };

import { z } from "zod";

/** An answer of Telegram that is not `ok`; 409 means that another poller is at work. */
export class TelegramError extends Error {
  readonly code: string;
  readonly isConflict: boolean;
  /** The same call would be refused again, as to a user who blocked the bot. */
  readonly isRefusal: boolean;

  constructor(status: number) {
    super(`Telegram answered ${status}`);
    this.code = `HTTP ${status}`;
    this.isConflict = status === 409;
    this.isRefusal = status === 400 || status === 403;
  }
}

const update = z.object({
  update_id: z.number(),
  message: z.object({ text: z.string().optional(), chat: z.object({ id: z.number() }) }).optional(),
});

export type Update = z.infer<typeof update>;

/** The part of the Bot API that the bot uses. The token is in every URL: no URL is ever logged. */
export class Telegram {
  readonly #base: string;

  constructor(apiUrl: string, token: string) {
    this.#base = `${apiUrl}/bot${token}`;
  }

  /** Waits up to `seconds` for updates from `offset` on; the earlier ones are thereby confirmed. */
  async getUpdates(offset: number, seconds: number, stop: AbortSignal): Promise<Update[]> {
    const signal = AbortSignal.any([stop, AbortSignal.timeout((seconds + 5) * 1000)]);
    const result = await this.#call("getUpdates", { offset, timeout: seconds }, signal);
    return z.array(update).parse(result);
  }

  async sendMessage(chatId: number, text: string): Promise<void> {
    await this.#call("sendMessage", { chat_id: chatId, text }, AbortSignal.timeout(10_000));
  }

  async #call(method: string, body: object, signal: AbortSignal): Promise<unknown> {
    const response = await fetch(`${this.#base}/${method}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
      signal,
    });
    const answer = (await response.json().catch(() => ({}))) as { ok?: boolean; result?: unknown };
    if (!answer.ok) throw new TelegramError(response.status);
    return answer.result;
  }
}

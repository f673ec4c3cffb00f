import type { Logger } from "pino";
import type { RunContext } from "../entries.ts";
import { backend, common, heartbeat, telegram } from "../env/fragments.ts";
import { loadEnv } from "../env/load.ts";
import { backoffMs, reasonOf } from "../retry.ts";
import { pause } from "../stop.ts";
import { createCommands } from "./commands.ts";
import { Heartbeat } from "./heartbeat.ts";
import { Telegram, TelegramError, type Update } from "./telegram.ts";

const shape = { ...common, ...telegram, ...backend, ...heartbeat };

/** A long poll that succeeded proves work until the next one is overdue. */
const freshMs = 30_000;
const pollSeconds = 20;

/** Polls Telegram and answers commands. Only one may poll: a second one gets 409 and waits. */
export async function bot({ env, stop, log }: RunContext): Promise<void> {
  const settings = loadEnv(shape, env);
  const api = new Telegram(settings.TELEGRAM_API_URL, settings.TELEGRAM_BOT_TOKEN);
  const answer = createCommands(settings.BACKEND_URL, settings.TELEGRAM_MINI_APP_URL);
  const beat = new Heartbeat(settings.HEARTBEAT_FILE, freshMs);
  let offset = 0;
  let failures = 0;
  // The first poll returns at once, so that an idle chat does not delay the sign of life.
  let seconds = 0;
  while (!stop.aborted) {
    try {
      const updates = await api.getUpdates(offset, seconds, stop);
      beat.proof();
      if (seconds === 0) log.info("attached");
      for (const update of updates) {
        // The rest is not confirmed yet: the next bot gets it.
        if (stop.aborted) break;
        await handle(update, api, answer, log);
        offset = update.update_id + 1;
      }
      failures = 0;
      seconds = pollSeconds;
    } catch (error) {
      if (stop.aborted) break;
      failures++;
      report(error, failures, log);
      await pause(backoffMs(failures), stop);
    }
  }
  await confirm(api, offset);
  beat.end();
}

async function handle(
  update: Update,
  api: Telegram,
  answer: ReturnType<typeof createCommands>,
  log: Logger,
): Promise<void> {
  const { message, update_id: id } = update;
  if (!message?.text) return;
  const text = await answer(message.text, `telegram-${id}`);
  try {
    await api.sendMessage(message.chat.id, text);
    log.info({ update: id }, "command answered");
  } catch (error) {
    // A user who blocked the bot must not hold up everybody else's updates.
    if (!(error instanceof TelegramError && error.isRefusal)) throw error;
    log.warn({ update: id, reason: error.code }, "answer refused");
  }
}

function report(error: unknown, failures: number, log: Logger): void {
  const reason = reasonOf(error);
  if (error instanceof TelegramError && error.isConflict) log.warn({ failures, reason }, "another poller is at work");
  else log.warn({ failures, reason }, "poll failed");
}

/** Tells Telegram what was handled, which otherwise only the next poll would. */
async function confirm(api: Telegram, offset: number): Promise<void> {
  if (offset > 0) await api.getUpdates(offset, 0, AbortSignal.timeout(2_000)).catch(() => undefined);
}

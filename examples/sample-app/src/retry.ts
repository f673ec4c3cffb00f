import type { Logger } from "pino";
import { pause } from "./stop.ts";

/** Thrown when a retried act is given up because the process was told to stop. */
export class Stopped extends Error {}

export interface RetryOptions {
  /** What is being waited for, as the log names it. */
  readonly what: string;
  readonly stop: AbortSignal;
  readonly log: Logger;
  /** Gives up with the last error after this many tries. @default never */
  readonly tries?: number;
}

/** Milliseconds before try number `attempt` (1, 2, …): doubles from 250 ms to a ceiling of 5 s. */
export function backoffMs(attempt: number): number {
  return Math.min(5_000, 250 * 2 ** (attempt - 1));
}

/** Repeats an act until it succeeds or the process is told to stop. */
export async function retry<T>(act: () => Promise<T>, options: RetryOptions): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    if (options.stop.aborted) throw new Stopped(`stopped while waiting for ${options.what}`);
    try {
      return await act();
    } catch (error) {
      if (attempt >= (options.tries ?? Infinity)) throw error;
      const reason = reasonOf(error);
      options.log.warn({ what: options.what, attempt, reason }, "not available yet, trying again");
      await pause(backoffMs(attempt), options.stop);
    }
  }
}

/**
 * A short reason that is safe to show: a code or a class name. Messages are left out, because
 * drivers put addresses, user names and URLs into them.
 */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return "unknown";
  const { code, type } = error as { code?: unknown; type?: unknown };
  if (typeof code === "string") return code;
  if (typeof type === "string") return type;
  // Redis begins each refusal with a code: WRONGPASS, NOAUTH, LOADING.
  const reply = /^[A-Z]{4,}(?= )/.exec(error.message);
  if (reply) return reply[0];
  if (error.cause instanceof Error) return reasonOf(error.cause);
  // Node gives every address that was tried its own error when a name has several.
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0]);
  return error.constructor.name;
}

import { type Logger, pino, stdTimeFunctions } from "pino";
import { isLogLevel } from "./env/fragments.ts";

export type { Logger };

/**
 * The one log: JSON lines on standard output. Made before the environment is validated, since
 * it reports what is wrong there; an unknown level counts as `info` until then.
 */
export function createLog(env: NodeJS.ProcessEnv, args: readonly string[]): Logger {
  const level = env["LOG_LEVEL"]?.toLowerCase() ?? "";
  return pino({
    level: isLogLevel(level) ? level : "info",
    base: { entry: args.join(" "), version: env["APP_VERSION"] ?? "dev" },
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
  });
}

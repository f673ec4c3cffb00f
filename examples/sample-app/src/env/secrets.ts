import type { readFileSync } from "node:fs";

/** Variables whose value may come from a file named by `<NAME>_FILE`. */
const secretNames = [
  "DATABASE_URL",
  "REDIS_URL",
  "KAFKA_CREDENTIALS",
  "NATS_CREDENTIALS",
  "JWT_KEYS",
  "ENCRYPTION_KEYS",
  "TELEGRAM_BOT_TOKEN",
  "SMTP_PASSWORD",
  "GEMINI_API_KEYS",
  "LLM_API_KEYS",
] as const;

export interface Resolved {
  /** The environment with every readable secret under its plain name; empty values are dropped. */
  readonly values: Record<string, string>;
  readonly problems: string[];
}

/** Replaces `X_FILE` by the content of the file it names. A file wins over the plain variable. */
export function resolveSecrets(env: NodeJS.ProcessEnv, readFile: typeof readFileSync): Resolved {
  const values: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) if (value) values[name] = value;
  const problems: string[] = [];
  for (const name of secretNames) {
    const path = values[`${name}_FILE`];
    if (!path) continue;
    try {
      values[name] = readFile(path, "utf8").trim();
    } catch {
      problems.push(`${name}_FILE: want the path of a readable file`);
    }
  }
  return { values, problems };
}

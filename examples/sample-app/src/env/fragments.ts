import { z } from "zod";

const logLevels = ["fatal", "error", "warn", "info", "debug", "trace", "silent"] as const;

export const isLogLevel = (level: string): boolean => (logLevels as readonly string[]).includes(level);

const whole = (least: number, most: number) => {
  const wish = `want a whole number from ${least} to ${most}`;
  return z.coerce.number(wish).int(wish).min(least, wish).max(most, wish);
};

/** A URL of one of the schemes. The message never repeats the value: URLs carry passwords. */
const url = (what: string, schemes: RegExp) =>
  z.string(`want ${what}`).refine((text) => URL.canParse(text) && schemes.test(text), `want ${what}`);

/** A JSON text of the given shape. */
const json = <T extends z.ZodType>(what: string, shape: T) =>
  z
    .string(`want ${what}`)
    .transform((text, context): unknown => {
      try {
        return JSON.parse(text);
      } catch {
        context.addIssue({ code: "custom", message: `want ${what}` });
        return z.NEVER;
      }
    })
    .pipe(shape);

const httpUrl = (what: string) => url(what, /^https?:/).transform((text) => text.replace(/\/+$/, ""));

export const common = {
  LOG_LEVEL: z
    .string()
    .toLowerCase()
    .refine(isLogLevel, `want one of ${logLevels.join(", ")}`)
    .default("info"),
  APP_VERSION: z.string().default("dev"),
};

export const http = (port: number) => ({
  PORT: whole(1, 65_535).default(port),
  DRAIN_SECONDS: whole(0, 300).default(5),
});

export const database = {
  // SQLAlchemy names its driver in the scheme; here there is only one driver.
  DATABASE_URL: url("a postgresql:// URL", /^postgres(ql)?(\+\w+)?:\/\//).transform((text) =>
    text.replace(/^[^:]+:/, "postgresql:"),
  ),
  POOL_SIZE: whole(1, 200).default(5),
};

export const redis = { REDIS_URL: url("a redis:// URL", /^rediss?:\/\//) };

const scram = z.object({
  mechanism: z.enum(["SCRAM-SHA-512", "SCRAM-SHA-256"]),
  username: z.string().min(1),
  password: z.string().min(1),
});

const brokers = z
  .string("want host:port, several separated by commas")
  .transform((text) => text.split(",").map((broker) => broker.trim()))
  .refine((list) => list.every((b) => /^[^\s:]+:\d+$/.test(b)), "want host:port, several separated by commas");

export const kafka = {
  KAFKA_BROKER_URL: brokers,
  KAFKA_CREDENTIALS: json("JSON with mechanism, username and password", scram).optional(),
  KAFKA_TOPIC_PREFIX: z.string().default("lunch-bot."),
  KAFKA_GROUP_PREFIX: z.string().default("lunch-bot."),
  KAFKA_CLIENT_ID: z.string().default("lunch-bot"),
};

const ringKey = z.object({
  kid: z.string().min(1),
  key: z.string().regex(/^[0-9a-f]{64}$/i, "want 64 hexadecimal digits"),
  status: z.enum(["next", "current", "previous"]),
});

const ring = z
  .object({ keys: z.array(ringKey) })
  .refine(({ keys }) => keys.filter((k) => k.status === "current").length === 1, "want exactly one current key")
  .refine(({ keys }) => new Set(keys.map((k) => k.kid)).size === keys.length, "want every kid once");

export const jwt = {
  JWT_KEYS: json("JSON with a list named keys", ring),
  JWT_ALGORITHM: z.enum(["HS256", "HS384", "HS512"]).default("HS256"),
  JWT_EXPIRE_DAYS: whole(1, 365).default(7),
};

const origins = json("a JSON list of origins", z.array(httpUrl("an origin such as https://example.org")));

export const cors = { CORS_ORIGINS: origins.default([]) };

const flag = z.enum(["true", "false"], "want true or false").transform((text) => text === "true");

export const telegramStub = { TELEGRAM_STUB: flag.default(false) };

export const telegram = {
  // Only unreserved characters, because the token becomes part of a path.
  TELEGRAM_BOT_TOKEN: z.string("want a bot token").regex(/^[\w:.-]+$/, "want a bot token without spaces or slashes"),
  TELEGRAM_API_URL: httpUrl("an http(s) URL").default("https://api.telegram.org"),
  TELEGRAM_MINI_APP_URL: httpUrl("an http(s) URL").optional(),
};

export const backend = { BACKEND_URL: httpUrl("an http(s) URL") };

export const gemini = {
  // A JSON list, or one key a line, or separated by commas: whichever the operator pasted.
  GEMINI_API_KEYS: z
    .string()
    .transform((text) => text.match(/[^\s,"[\]]+/g) ?? [])
    .default([]),
  GEMINI_MODEL: z.string().default("gemini-2.0-flash-exp"),
  GEMINI_MAX_REQUESTS_PER_KEY: whole(1, 1_000_000).default(195),
};

export const heartbeat = { HEARTBEAT_FILE: z.string().default("/tmp/heartbeat") };

export const page = {
  NEXT_PUBLIC_API_URL: z
    .string()
    .refine(
      (text) => text.startsWith("/") || (URL.canParse(text) && /^https?:/.test(text)),
      "want a path or an http(s) URL",
    )
    .transform((text) => text.replace(/\/+$/, ""))
    .default("/api/v1"),
  BACKEND_URL: backend.BACKEND_URL.optional(),
};

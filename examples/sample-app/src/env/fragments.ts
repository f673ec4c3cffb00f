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

/** Connections beyond the pool's size, for what comes all at once; like all of them closed when idle. */
export const poolOverflow = { POOL_OVERFLOW: whole(0, 200).default(10) };

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

const login = z.object({ username: z.string().min(1), password: z.string().min(1) });

const subjectToken = /^[\w$-]+(\.[\w$-]+)*$/;

export const nats = {
  NATS_URL: url("a nats:// URL", /^(nats|tls):\/\//),
  NATS_CREDENTIALS: json("JSON with username and password", login).optional(),
  NATS_SUBJECT_PREFIX: z
    .string()
    .regex(/^([\w-]+\.)+$/, "want a prefix that ends with a dot, such as task-tracker.")
    .default("task-tracker."),
  NATS_INBOX_PREFIX: z.string().regex(subjectToken, "want a subject such as _INBOX_api").default("_INBOX"),
  NATS_CLIENT_NAME: z.string().default("sample-app"),
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

const fernetKey = /^[\w-]{43}=$/;

const encryptionKey = z.object({
  kid: z.string().min(1),
  key: z.string().regex(fernetKey, "want a Fernet key: 32 bytes in URL-safe base64, 44 characters"),
});

const encryptionRing = z
  .object({ keys: z.array(encryptionKey), current: z.string() })
  .refine(({ keys, current }) => keys.some((k) => k.kid === current), "want the current key among the keys")
  .refine(({ keys }) => new Set(keys.map((k) => k.kid)).size === keys.length, "want every kid once");

export const encryption = { ENCRYPTION_KEYS: json("JSON with a list named keys and current", encryptionRing) };

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

// A JSON list, or one key a line, or separated by commas: whichever the operator pasted.
const keyList = z
  .string()
  .transform((text): string[] => text.match(/[^\s,"[\]]+/g) ?? [])
  .default([]);

export const gemini = {
  GEMINI_API_KEYS: keyList,
  GEMINI_MODEL: z.string().default("gemini-2.0-flash-exp"),
  GEMINI_MAX_REQUESTS_PER_KEY: whole(1, 1_000_000).default(195),
};

export const heartbeat = { HEARTBEAT_FILE: z.string().default("/tmp/heartbeat") };

/** Where a browser finds something: a path on the page's own origin, or a whole URL. */
const browserUrl = (what: string, schemes: RegExp) =>
  z
    .string()
    .refine((text) => text.startsWith("/") || (URL.canParse(text) && schemes.test(text)), `want a path or ${what}`)
    .transform((text) => text.replace(/\/+$/, ""));

export const page = {
  NEXT_PUBLIC_API_URL: browserUrl("an http(s) URL", /^https?:/).default("/api/v1"),
  BACKEND_URL: backend.BACKEND_URL.optional(),
};

export const product = { APP_NAME: z.string().min(1).default("Pulse Radar") };

export const dashboardPage = {
  VITE_API_BASE_URL: browserUrl("an http(s) URL", /^https?:/).default("/api"),
  VITE_WS_URL: browserUrl("a ws(s) URL", /^wss?:/).default("/ws"),
};

/** Processes of one HTTP entry. */
export const processes = { WORKERS: whole(1, 32).default(1) };

export const llm = {
  OLLAMA_BASE_URL: httpUrl("an http(s) URL").optional(),
  LLM_API_KEYS: keyList,
};

export const jobs = {
  /** Jobs that one worker runs at the same time. */
  JOB_CONCURRENCY: whole(1, 64).default(4),
  /** Between SIGTERM and the kill: a job that needs longer is given back. */
  STOP_GRACE_SECONDS: whole(6, 3_600).default(30),
};

export const jobsWorker = {
  SESSIONS_DIR: z.string().optional(),
  TELEGRAM_BOT_TOKEN: telegram.TELEGRAM_BOT_TOKEN.optional(),
  SMTP_PASSWORD: z.string().min(1).optional(),
};

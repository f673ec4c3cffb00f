import { z } from "zod";

import {
  connectionsFit,
  databaseFragment,
  dockerFragment,
  edgeChecks,
  edgeFragment,
  givenFragment,
  givenSecretsAreThere,
  imagesFragment,
  LimitRule,
  limitsFragment,
  loadSettings,
  portsDiffer,
  replicasFragment,
  ResolvedImages,
  resolveImages,
  rotationFragment,
  rotationPolicyFragment,
  runtimeFragment,
  secretsFragment,
  sourceFragment,
  sourceIsHere,
  stopsInTime,
  withChecks,
} from "./components";

/** Images of Lunch Bot: five products, its own application, and the helper that carries files. */
export const IMAGES = ["postgres", "redis", "kafka", "nginx", "app", "files"] as const;

const BACKEND_PORT = 8000;

const GIVEN_SECRETS = ["telegramBotToken", "geminiApiKeys"] as const;

/** Where the source of the application lies in this repository, by the folder of its image. */
const SOURCE_FOLDERS = { "/app/src": "examples/sample-app/src", "/app/public": "examples/sample-app/public" };

/** Starts anew when a file of the source changes, and goes on waiting when that start fails. */
const WATCHING = ["node", "src/watch.ts"];

const rule = (floorMiB: number, cpus: number, memoryMiB: number): LimitRule => ({
  floorMiB,
  default: { cpus, memoryMiB },
});

/** For a service whose old and new containers run side by side in an update. */
const overlapping = (...of: Parameters<typeof rule>): LimitRule => ({ ...rule(...of), overlap: true });

const appSettings = z
  .strictObject({
    logLevel: z
      .enum(["debug", "info", "warn", "error"])
      .default("info")
      .meta({ description: "What the application logs.", examples: ["debug"] }),
    jwtAlgorithm: z
      .enum(["HS256"])
      .default("HS256")
      .meta({ description: "How sessions are signed.", examples: ["HS256"] }),
    jwtExpireDays: z
      .int()
      .min(1)
      .max(90)
      .default(7)
      .meta({ description: "How long sessions last.", examples: [14] }),
    poolSize: z
      .int()
      .min(1)
      .max(50)
      .default(5)
      .meta({ description: "Database connections that each container keeps.", examples: [10] }),
    poolOverflow: z
      .int()
      .min(0)
      .max(50)
      .default(5)
      .meta({ description: "Further database connections that each container may open.", examples: [2] }),
    geminiModel: z
      .string()
      .default("gemini-2.0-flash-exp")
      .meta({ description: "Model that recommendations ask.", examples: ["gemini-2.0-flash-exp"] }),
    geminiMaxRequestsPerKey: z
      .int()
      .min(1)
      .default(195)
      .meta({ description: "Requests a day with one key.", examples: [100] }),
    telegramApiUrl: z
      .url("a URL")
      .default("https://api.telegram.org")
      .meta({ description: "Telegram, or a stub of it.", examples: ["https://api.telegram.org"] }),
    telegramStub: z
      .boolean()
      .default(false)
      .meta({ description: "Serve a stub of Telegram, where there is no bot of one's own.", examples: [true] }),
    telegramMiniAppUrl: z
      .url("a URL")
      .optional()
      .meta({
        description: "The mini-app that the bot links to. Without it `edge.publicUrl`.",
        examples: ["https://lunch.example.com"],
      }),
    sentryDsn: z
      .url("a URL")
      .optional()
      .meta({
        description: "Where errors are reported. Without it, nowhere.",
        examples: ["https://key@sentry.example.com/1"],
      }),
  })
  .prefault({});

/** Everything an environment of Lunch Bot may set. */
export const schema = withChecks(
  z.strictObject({
    docker: dockerFragment(),
    // A rollback names an older app and leaves the migration alone: migrations only go forward.
    images: imagesFragment(IMAGES, ["migration"]),
    source: sourceFragment(),
    edge: edgeFragment(),
    database: databaseFragment(),
    runtime: runtimeFragment(),
    limits: limitsFragment({
      postgres: rule(128, 1, 1024),
      redis: rule(32, 0.5, 256),
      kafka: rule(512, 1, 1024),
      migrate: rule(64, 1, 256),
      backend: overlapping(64, 2, 2048),
      frontend: overlapping(64, 1, 512),
      "telegram-bot": rule(64, 0.5, 256),
      "notifications-worker": overlapping(64, 0.5, 256),
      "recommendations-worker": overlapping(64, 0.5, 256),
      nginx: rule(32, 0.5, 128),
    }),
    replicas: replicasFragment(["backend", "frontend"]),
    rotation: rotationFragment(["database", "cache", "broker", "jwt"]),
    rotationPolicy: rotationPolicyFragment(),
    app: appSettings,
    given: givenFragment(),
    secrets: secretsFragment(GIVEN_SECRETS),
  }),
  [
    sourceIsHere(),
    ...edgeChecks(),
    portsDiffer(),
    stopsInTime(),
    connectionsFit({
      reads: ["replicas.backend", "app.poolSize", "app.poolOverflow"],
      uses: ({ app: { poolSize, poolOverflow }, replicas }) => [
        { service: "backend", replicas: replicas.backend, connections: poolSize + poolOverflow },
        { service: "notifications-worker", connections: poolSize + poolOverflow },
        { service: "migrate", connections: 1, overlap: false },
      ],
    }),
    ...givenSecretsAreThere(GIVEN_SECRETS),
  ],
);

type Settings = z.output<typeof schema>;

/** The configuration of this stack, and what follows from it for each service. */
export function readSettings() {
  const settings = loadSettings(schema);
  const images = resolveImages(IMAGES, settings.images);
  return { ...settings, images, args: serviceArguments(settings, images) };
}

/** Plain arguments of each service; the program adds what ties them together. */
function serviceArguments(settings: Settings, images: ResolvedImages<(typeof IMAGES)[number]>) {
  const { edge, limits, replicas, rotation, runtime } = settings;
  const common = (service: keyof typeof limits) => ({ runtime, limit: limits[service] });
  const product = (service: "nginx" | "postgres" | "redis" | "kafka") => ({
    ...common(service),
    image: images[service],
    variant: settings.images.variant,
  });
  const environment = environments(settings);
  const app = (service: keyof typeof environment, ...command: string[]) => ({
    ...common(service),
    image: images.app,
    environment: environment[service],
    command,
    stopGraceSeconds: runtime.stopGraceSeconds,
    source: settings.source.mounted ? { folders: SOURCE_FOLDERS, entrypoint: WATCHING } : undefined,
  });
  const database = { database: "lunch_bot", owner: "lunchbot_user", urlScheme: "postgresql+asyncpg" };
  return {
    nginx: {
      ...{ ...product("nginx"), version: images.nginxVersion, edge },
      publicSegment: "public",
      callsSegment: "calls",
    },
    postgres: {
      ...{ ...product("postgres"), generation: rotation.database, ...database },
      ...settings.database,
    },
    redis: { ...product("redis"), generation: rotation.cache, prefix: "lunch-bot:" },
    kafka: { ...product("kafka"), generation: rotation.broker, prefix: "lunch-bot." },
    migrate: { ...app("migrate", "migrate"), image: settings.images.migration ?? images.app, source: undefined },
    backend: { ...app("backend", "api"), port: BACKEND_PORT, readinessPath: "/ready", replicas: replicas.backend },
    frontend: { ...app("frontend", "frontend"), port: 3000, readinessPath: "/healthz", replicas: replicas.frontend },
    "telegram-bot": app("telegram-bot", "worker", "bot"),
    "notifications-worker": app("notifications-worker", "worker", "notifications"),
    "recommendations-worker": app("recommendations-worker", "worker", "recommendations"),
  };
}

/** The plain environment of Lunch Bot's own services, by service. */
function environments({ app, edge, runtime }: Settings) {
  const origin = new URL(edge.publicUrl).origin;
  const drain = { DRAIN_SECONDS: String(runtime.drainSeconds) };
  const common = {
    LOG_LEVEL: app.logLevel,
    POOL_SIZE: String(app.poolSize),
    POOL_OVERFLOW: String(app.poolOverflow),
    ...(app.sentryDsn && { SENTRY_DSN: app.sentryDsn }),
  };
  const backendUrl = `http://backend:${BACKEND_PORT}`;
  return {
    migrate: common,
    backend: {
      ...{ ...common, ...drain },
      JWT_ALGORITHM: app.jwtAlgorithm,
      JWT_EXPIRE_DAYS: String(app.jwtExpireDays),
      CORS_ORIGINS: JSON.stringify([origin, "https://web.telegram.org"]),
      TELEGRAM_STUB: String(app.telegramStub),
    },
    frontend: { ...drain, LOG_LEVEL: app.logLevel, BACKEND_URL: backendUrl, NEXT_PUBLIC_API_URL: `${origin}/api/v1` },
    "telegram-bot": {
      LOG_LEVEL: app.logLevel,
      BACKEND_URL: backendUrl,
      TELEGRAM_API_URL: app.telegramApiUrl,
      TELEGRAM_MINI_APP_URL: app.telegramMiniAppUrl ?? edge.publicUrl,
    },
    "notifications-worker": common,
    "recommendations-worker": {
      LOG_LEVEL: app.logLevel,
      GEMINI_MODEL: app.geminiModel,
      GEMINI_MAX_REQUESTS_PER_KEY: String(app.geminiMaxRequestsPerKey),
    },
  };
}

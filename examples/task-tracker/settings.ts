import {
  connectionsFit,
  databaseFragment,
  dockerFragment,
  edgeChecks,
  edgeFragment,
  givenFragment,
  givenSecretsAreThere,
  hostPortsFragment,
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
} from "dockwright";
import { z } from "zod";

/** Images of Task Tracker: three products, its own application, and the helper that carries files. */
export const IMAGES = ["postgres", "nats", "nginx", "app", "files"] as const;

const API_PORT = 8000;

const GIVEN_SECRETS = ["telegramBotToken", "smtpPassword", "llmApiKeys"] as const;

/** Where the source of the application lies in this repository, by the folder of its image. */
const SOURCE_FOLDERS = {
  "/app/src": "../sample-app/src",
  "/app/public": "../sample-app/public",
};

const rule = (floorMiB: number, cpus: number, memoryMiB: number): LimitRule => ({
  floorMiB,
  default: { cpus, memoryMiB },
});

/** For a service whose old and new containers run side by side in an update. */
const overlapping = (...of: Parameters<typeof rule>): LimitRule => ({ ...rule(...of), overlap: true });

const appSettings = z
  .strictObject({
    name: z
      .string()
      .min(1)
      .max(60)
      .default("Pulse Radar")
      .meta({ description: "What the product calls itself.", examples: ["Pulse Radar"] }),
    logLevel: z
      .enum(["debug", "info", "warn", "error"])
      .default("info")
      .meta({ description: "What the application logs.", examples: ["debug"] }),
    workers: z
      .int()
      .min(1)
      .max(16)
      .default(1)
      .meta({ description: "Processes of each container of the API.", examples: [4] }),
    poolSize: z
      .int()
      .min(1)
      .max(50)
      .default(5)
      .meta({ description: "Database connections that each process keeps.", examples: [5] }),
    poolOverflow: z
      .int()
      .min(0)
      .max(50)
      .default(10)
      .meta({ description: "Further database connections that each process may open.", examples: [10] }),
    ollamaUrl: z
      .url("a URL")
      .default("http://ollama.example.com:11434")
      .meta({ description: "Where the models answer.", examples: ["http://ollama.example.com:11434"] }),
  })
  .prefault({});

/** Everything an environment of Task Tracker may set. */
export const schema = withChecks(
  z.strictObject({
    docker: dockerFragment(),
    // A rollback names an older app and leaves the migration alone: migrations only go forward.
    images: imagesFragment(IMAGES, ["migration"]),
    source: sourceFragment(),
    edge: edgeFragment(),
    hostPorts: hostPortsFragment(["api", "dashboard", "postgres", "nats"]),
    database: databaseFragment(),
    runtime: runtimeFragment(),
    limits: limitsFragment({
      postgres: rule(128, 2, 2048),
      nats: rule(32, 0.5, 512),
      migrate: rule(64, 1, 256),
      reencrypt: rule(128, 0.5, 256),
      api: overlapping(128, 1, 1024),
      worker: rule(64, 2, 2048),
      dashboard: overlapping(64, 0.5, 512),
      nginx: rule(32, 0.5, 256),
    }),
    replicas: replicasFragment(["api", "dashboard"]),
    rotation: rotationFragment(["database", "broker", "encryption"]),
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
      reads: ["replicas.api", "app.workers", "app.poolSize", "app.poolOverflow"],
      uses: ({ app: { workers, poolSize, poolOverflow }, replicas }) => [
        { service: "api", replicas: replicas.api, processes: workers, connections: poolSize + poolOverflow },
        { service: "worker", connections: poolSize + poolOverflow, overlap: false },
        { service: "migrate", connections: 1, overlap: false },
        { service: "reencrypt", connections: 1, overlap: false },
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
  const { hostPorts } = settings;
  const published = (["postgres", "nats"] as const).filter((service) => hostPorts[service] !== undefined);
  return { ...settings, images, published, args: serviceArguments(settings, images) };
}

/** Plain arguments of each service; the program adds what ties them together. */
function serviceArguments(settings: Settings, images: ResolvedImages<(typeof IMAGES)[number]>) {
  const { edge, hostPorts, limits, replicas, rotation, runtime } = settings;
  const common = (service: keyof typeof limits) => ({ runtime, limit: limits[service] });
  const product = (service: "nginx" | "postgres" | "nats") => ({
    ...common(service),
    image: images[service],
    variant: settings.images.variant,
  });
  const published = (hostPort: number | undefined) =>
    hostPort === undefined ? {} : { publish: { hostPort, segment: "published" } };
  const environment = environments(settings);
  const app = (service: keyof typeof environment, ...command: string[]) => ({
    ...common(service),
    image: images.app,
    environment: environment[service],
    command,
    stopGraceSeconds: runtime.stopGraceSeconds,
    source: settings.source.mounted ? { folders: SOURCE_FOLDERS, entrypoint: WATCHING } : undefined,
  });
  const database = { database: "task_tracker", owner: "task_tracker", urlScheme: "postgresql+asyncpg" };
  return {
    nginx: {
      ...{ ...product("nginx"), version: images.nginxVersion, edge },
      hostPorts: { api: hostPorts.api, dashboard: hostPorts.dashboard },
      publicSegment: "public",
      callsSegment: "frontend",
    },
    postgres: {
      ...{ ...product("postgres"), generation: rotation.database, ...database, extensions: ["vector"] },
      ...{ ...published(hostPorts.postgres), ...settings.database },
    },
    nats: { ...product("nats"), generation: rotation.broker, prefix: "task-tracker.", ...published(hostPorts.nats) },
    migrate: {
      ...app("migrate", "migrate", "--schema", "task-tracker"),
      ...{ image: settings.images.migration ?? images.app, source: undefined },
    },
    api: { ...app("api", "tracker-api"), port: API_PORT, readinessPath: "/ready", replicas: replicas.api },
    worker: { ...app("worker", "worker", "jobs"), dataPath: "/app/sessions" },
    // For as long as the first run after a long time may take: it can be interrupted, and goes on.
    reencrypt: { ...app("reencrypt", "reencrypt"), source: undefined, timeoutSeconds: 3600 },
    dashboard: {
      ...{ ...app("dashboard", "dashboard"), port: 3000, readinessPath: "/healthz" },
      replicas: replicas.dashboard,
    },
  };
}

/** Starts anew when a file of the source changes, and goes on waiting when that start fails. */
const WATCHING = ["node", "src/watch.ts"];

/** The plain environment of Task Tracker's own services, by service. */
function environments({ app, edge, hostPorts, runtime }: Settings) {
  const { host, origin, protocol } = new URL(edge.publicUrl);
  const common = { LOG_LEVEL: app.logLevel, APP_NAME: app.name };
  const http = { ...common, DRAIN_SECONDS: String(runtime.drainSeconds) };
  const pool = { POOL_SIZE: String(app.poolSize), POOL_OVERFLOW: String(app.poolOverflow) };
  const models = { OLLAMA_BASE_URL: app.ollamaUrl };
  const dashboards = hostPorts.dashboard === undefined ? [] : [`http://127.0.0.1:${hostPorts.dashboard}`];
  const origins = { CORS_ORIGINS: JSON.stringify([origin, ...dashboards]) };
  const stop = { STOP_GRACE_SECONDS: String(runtime.stopGraceSeconds) };
  return {
    migrate: common,
    reencrypt: common,
    api: { ...http, ...pool, ...models, ...origins, WORKERS: String(app.workers) },
    worker: { ...common, ...pool, ...models, ...stop, SESSIONS_DIR: "/app/sessions" },
    dashboard: {
      ...http,
      VITE_API_BASE_URL: `${origin}/api`,
      VITE_WS_URL: `${protocol === "https:" ? "wss" : "ws"}://${host}/ws`,
    },
  };
}

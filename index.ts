import * as dockwright from "./components";
import { readSettings } from "./settings";

const { args, docker, edge, images, rotation, rotationPolicy, secrets } = readSettings();

const consumers = ["notifications-worker", "recommendations-worker"];
const platform = new dockwright.DockerEngine("platform", {
  docker,
  filesImage: images.files,
  segments: {
    public: { internal: false, members: ["nginx"] }, // with its published port
    calls: { internal: true, members: ["nginx", "backend", "frontend", "telegram-bot"] },
    data: { internal: true, members: ["postgres", "redis", "kafka", "migrate", "backend", ...consumers] },
    egress: { internal: false, members: ["telegram-bot", "recommendations-worker"] }, // they call outside
  },
});
const nginx = new dockwright.Nginx("nginx", { platform, ...args.nginx, stableNames: ["backend"] });

const postgres = new dockwright.Postgres("postgres", { platform, segment: "data", ...args.postgres });
const redis = new dockwright.Redis("redis", { platform, segment: "data", ...args.redis });
const kafka = new dockwright.Kafka("kafka", { platform, segment: "data", ...args.kafka });
const jwt = new dockwright.JwtKeys("jwt", { generation: rotation.jwt });
const given = (name: string, variable: string, value: string | undefined) =>
  new dockwright.GivenSecret(name, { variable, value });
const telegram = given("telegram", "TELEGRAM_BOT_TOKEN", secrets.telegramBotToken);
const gemini = given("gemini", "GEMINI_API_KEYS", secrets.geminiApiKeys);
const ages = new dockwright.CredentialAges("credentials", { ...rotationPolicy, rotation, given: [telegram, gemini] });

const migrate = new dockwright.Migration("migrate", { platform, ...args.migrate, uses: [postgres] });
const backend = new dockwright.Backend("backend", {
  ...{ platform, ...args.backend, after: [migrate] },
  ...{ uses: [postgres, redis, kafka, jwt], startsWithout: [kafka], segments: ["calls"] },
});
const frontend = new dockwright.Frontend("frontend", {
  ...{ platform, ...args.frontend, after: [backend], segments: ["calls"] },
});
const bot = new dockwright.Worker("telegram-bot", {
  ...{ platform, ...args["telegram-bot"], after: [backend] },
  ...{ uses: [telegram], segments: ["calls", "egress"], overlap: false }, // Telegram allows one poller
});
const notifications = new dockwright.Worker("notifications-worker", {
  ...{ platform, ...args["notifications-worker"], after: [migrate] },
  ...{ uses: [postgres, kafka], startsWithout: [kafka] },
});
const recommendations = new dockwright.Worker("recommendations-worker", {
  ...{ platform, ...args["recommendations-worker"], after: [migrate] },
  ...{ uses: [redis, kafka, gemini], startsWithout: [kafka], segments: ["egress"] },
});

nginx.route(backend, [{ path: "/api/" }, { path: "/health", exact: true }]);
nginx.route(frontend, [{ path: "/assets/", static: true }, { path: "/" }]);

export const url = edge.publicUrl;
export const services = dockwright.describeServices(
  ...[nginx, postgres, redis, kafka, backend, frontend, bot, notifications, recommendations],
);
export const release = { app: images.app, migration: args.migrate.image };
export const generations = rotation;
export const { credentials } = ages;
export const { daemon } = platform;

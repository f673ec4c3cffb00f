import * as dockwright from "dockwright";

import { readSettings } from "./settings";

const { args, docker, edge, images, published, rotation, rotationPolicy, secrets } = readSettings();

const platform = new dockwright.DockerEngine("platform", {
  docker,
  filesImage: images.files,
  segments: {
    public: { internal: false, members: ["nginx"] }, // with its published ports
    frontend: { internal: true, members: ["nginx", "dashboard", "api"] },
    backend: { internal: true, members: ["api", "worker", "migrate", "reencrypt", "postgres", "nats"] },
    egress: { internal: false, members: ["api", "worker"] }, // they call models and Telegram
    ...(published.length > 0 && { published: { internal: false, members: published } }), // ports of their own, in development
  },
});
const nginx = new dockwright.Nginx("nginx", { platform, ...args.nginx, stableNames: ["api", "dashboard"] });

const postgres = new dockwright.Postgres("postgres", { platform, segment: "backend", ...args.postgres });
const nats = new dockwright.Nats("nats", { platform, segment: "backend", ...args.nats });
const encryption = new dockwright.EncryptionKeys("encryption", { generation: rotation.encryption });
const given = (name: string, variable: string, value: string | undefined) =>
  new dockwright.GivenSecret(name, { variable, value });
const telegram = given("telegram", "TELEGRAM_BOT_TOKEN", secrets.telegramBotToken);
const smtp = given("smtp", "SMTP_PASSWORD", secrets.smtpPassword);
const llm = given("llm", "LLM_API_KEYS", secrets.llmApiKeys);
const ages = new dockwright.CredentialAges("credentials", {
  ...{ ...rotationPolicy, rotation, given: [telegram, smtp, llm] },
});

const migrate = new dockwright.Migration("migrate", { platform, ...args.migrate, uses: [postgres] });
const api = new dockwright.Backend("api", {
  ...{ platform, ...args.api, after: [migrate] },
  ...{ uses: [postgres, nats, encryption, llm], segments: ["frontend", "egress"] },
});
const worker = new dockwright.Worker("worker", {
  ...{ platform, ...args.worker, after: [migrate] },
  ...{ uses: [postgres, nats, encryption, llm, telegram, smtp], segments: ["egress"] },
});
const dashboard = new dockwright.Frontend("dashboard", { platform, ...args.dashboard, segments: ["frontend"] });

const routed = nginx.route(api, [
  { path: "/api/" },
  { path: "/ws", exact: true, webSocket: { readTimeoutSeconds: 86400 } },
]);
nginx.route(dashboard, [{ path: "/assets/", static: true }, { path: "/" }]);

// Once nobody writes with an older key any more.
new dockwright.Job("reencrypt", {
  ...{ platform, ...args.reencrypt, after: [api, worker, routed] },
  uses: [postgres, encryption],
});

export const url = edge.publicUrl;
export const services = dockwright.describeServices(nginx, postgres, nats, api, worker, dashboard);
export const release = { app: images.app, migration: args.migrate.image };
export const generations = rotation;
export const { credentials } = ages;
export const { daemon } = platform;

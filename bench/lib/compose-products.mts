// What a Compose user writes where Dockwright has its own start scripts and logins: one password a server, static files.
import { createHash, randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ComposeService } from "./compose-service.mts";
import { filesOf, type Inspected } from "./inspected.mts";

const OWN_FILES = join(import.meta.dirname, "..", "compose");
const CONFIG_PATH = "/etc/dockwright";
const USER = "lunchbot_user";
const DATABASE = "lunch_bot";

/** Files to write beside the Compose file, by name. */
export type Files = Record<string, string>;

export interface Products {
  readonly secrets: Files;
  /** Folders that are mounted at /etc/dockwright, by service. */
  readonly config: Readonly<Record<string, Files>>;
  /** Edits of the services as they were inspected. */
  readonly edits: Readonly<Record<string, (service: ComposeService) => ComposeService>>;
}

export function products(containers: ReadonlyMap<string, Inspected>): Products {
  const password = randomBytes(24).toString("hex");
  return {
    secrets: secrets(password),
    config: { nginx: { "nginx.conf": own("nginx.conf") }, kafka: kafkaFiles(containers.get("kafka")?.Id ?? "") },
    edits: { postgres, redis, kafka, nginx },
  };
}

function secrets(password: string): Files {
  const key = createHash("sha256").update(randomBytes(32)).digest("hex");
  return {
    SERVER_PASSWORD: password,
    DATABASE_URL: `postgresql://${USER}:${password}@postgres:5432/${DATABASE}`,
    REDIS_URL: `redis://default:${password}@redis:6379/0`,
    KAFKA_CREDENTIALS: JSON.stringify({ mechanism: "SCRAM-SHA-512", username: "app", password }),
    JWT_KEYS: JSON.stringify({ keys: [{ kid: "1", key, status: "current" }] }),
    TELEGRAM_BOT_TOKEN: "1:placeholder",
    GEMINI_API_KEYS: '["placeholder"]',
  };
}

function own(name: string): string {
  return readFileSync(join(OWN_FILES, name), "utf8");
}

/** The broker's settings and its health check as they are, but with a login that is there from the start. */
function kafkaFiles(container: string): Files {
  const files = filesOf(container, CONFIG_PATH);
  const properties = files["server.properties"]?.replace(/^super\.users=.*$/m, (line) => `${line};User:app`);
  if (properties === undefined) throw new Error(`Kafka has no server.properties in ${CONFIG_PATH}`);
  return { ...files, "server.properties": properties, "start.sh": own("kafka-start.sh") };
}

const PASSWORD_FILE = "/run/secrets/SERVER_PASSWORD";
const passwordSecret = { secrets: [{ source: "SERVER_PASSWORD", target: PASSWORD_FILE }] };

function configured(service: ComposeService, folder: string): ComposeService {
  return { ...service, volumes: [...(service.volumes ?? []), `./config/${folder}:${CONFIG_PATH}:ro`] };
}

function postgres(service: ComposeService): ComposeService {
  return {
    ...service,
    entrypoint: ["docker-entrypoint.sh", "postgres"],
    ...passwordSecret,
    environment: { POSTGRES_USER: USER, POSTGRES_DB: DATABASE, POSTGRES_PASSWORD_FILE: PASSWORD_FILE },
    healthcheck: {
      ...service.healthcheck,
      test: ["CMD-SHELL", `psql -X -h 127.0.0.1 -U ${USER} -d ${DATABASE} -tAc 'select 1'`],
    },
  };
}

function redis(service: ComposeService): ComposeService {
  const start = `exec redis-server --appendonly yes --requirepass "$$(cat ${PASSWORD_FILE})"`;
  return {
    ...service,
    ...passwordSecret,
    entrypoint: ["sh", "-c", start],
    healthcheck: {
      ...service.healthcheck,
      test: ["CMD-SHELL", `REDISCLI_AUTH=$$(cat ${PASSWORD_FILE}) redis-cli ping | grep -q PONG`],
    },
  };
}

function kafka(service: ComposeService): ComposeService {
  return { ...configured(service, "kafka"), ...passwordSecret };
}

function nginx(service: ComposeService): ComposeService {
  const command = ["nginx", "-c", `${CONFIG_PATH}/nginx.conf`, "-g", "daemon off;"];
  return { ...configured(service, "nginx"), entrypoint: command };
}

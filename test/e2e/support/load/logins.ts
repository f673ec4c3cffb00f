import * as fs from "node:fs";
import * as path from "node:path";

import { Deployment } from "../deployment";
import { docker } from "../docker";
import { label } from "../inspected";
import { succeed } from "../run";
import { SecretFile } from "../state";

/** A login of one service on one server, as its secret file has it. */
export interface Login {
  /** The key under `rotation`. */
  readonly credential: "database" | "cache" | "broker";
  readonly server: "postgres" | "redis" | "kafka" | "nats";
  readonly service: string;
  readonly username: string;
  readonly password: string;
  readonly port: number;
  /** @default none */
  readonly database?: string;
}

const SCRIPT = fs.readFileSync(path.join(__dirname, "log-in.mjs"), "utf8");

/** Every login that stands in secret files. */
export function loginsIn(files: readonly SecretFile[]): Login[] {
  return files.flatMap(loginOf);
}

/** What the servers say to logins that come over the network, from a container beside the consumers. */
export async function answersTo(stack: Deployment, logins: readonly Login[]): Promise<string[]> {
  const { image, network } = await consumerOf(stack);
  const confined = ["--read-only", "--cap-drop=ALL", "--memory=192m", "--log-driver=none"];
  const command = ["--entrypoint=node", image, "--input-type=module", "-e", SCRIPT];
  const input = JSON.stringify(logins);
  const args = ["run", "--rm", "-i", `--network=${network}`, ...confined, ...command];
  return JSON.parse(await succeed("docker", args, { input })) as string[];
}

function loginOf({ service, variable, content }: SecretFile): Login[] {
  if (variable === "KAFKA_CREDENTIALS") return [fromJson("kafka", 29092, service, content)];
  if (variable === "NATS_CREDENTIALS") return [fromJson("nats", 4222, service, content)];
  if (variable === "DATABASE_URL") return [fromUrl("database", "postgres", service, content)];
  return variable === "REDIS_URL" ? [fromUrl("cache", "redis", service, content)] : [];
}

function fromJson(server: "kafka" | "nats", port: number, service: string, content: string): Login {
  const { username, password } = JSON.parse(content) as { username: string; password: string };
  return { credential: "broker", server, service, username, password, port };
}

function fromUrl(credential: "database" | "cache", server: "postgres" | "redis", service: string, content: string) {
  const { username, password, port, pathname } = new URL(content);
  return { credential, server, service, username, password, port: Number(port), database: pathname.slice(1) };
}

/** A running service that is given logins on every server, and the segment that it shares with them. */
async function consumerOf(stack: Deployment): Promise<{ image: string; network: string }> {
  const [name, segment] = stack.system.project === "lunch-bot" ? ["backend", "data"] : ["api", "backend"];
  const found = (await stack.containers("service")).find((container) => label(container, "service") === name);
  const filters = { project: stack.project, stack: stack.stack, service: segment };
  const flags = Object.entries(filters).map(([key, value]) => `--filter=label=dockwright.${key}=${value}`);
  return { image: found?.Config.Image ?? "", network: (await docker("network", "ls", "-q", ...flags)).trim() };
}

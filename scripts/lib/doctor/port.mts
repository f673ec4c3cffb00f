// Whether the ports of the host that a stack publishes are free, or its own already.
import { connect, createServer } from "node:net";
import type { StackId } from "../backend.mts";
import { isTree, type Tree } from "../merge.mts";
import { describePublisher, isOwn, parseListener, parsePublisher, type Publisher, publishes } from "../ports.mts";
import { lines } from "../run.mts";
import { ask } from "./ask.mts";
import { type Finding, missing, ok } from "./finding.mts";

/** A port that the settings name. */
export interface HostPort {
  readonly path: string;
  readonly port: unknown;
  readonly address: string;
}

const LOOPBACK = "127.0.0.1";

/** The ports that a stack publishes: those of nginx, and those of single services in development. */
export function hostPorts(settings: Tree): HostPort[] {
  const edge = isTree(settings["edge"]) ? settings["edge"] : {};
  const others = isTree(settings["hostPorts"]) ? settings["hostPorts"] : {};
  const address = typeof edge["bindAddress"] === "string" ? edge["bindAddress"] : LOOPBACK;
  return [
    ...["httpPort", "httpsPort"].map((key) => ({ path: `edge.${key}`, port: edge[key], address })),
    ...Object.entries(others).map(([service, port]) => ({ path: `hostPorts.${service}`, port, address: LOOPBACK })),
  ].filter(({ port }) => port !== undefined && port !== null);
}

function answers(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host, timeout: 500 });
    const end = (taken: boolean): void => void (socket.destroy(), resolve(taken));
    socket
      .once("connect", () => end(true))
      .once("timeout", () => end(false))
      .once("error", () => end(false));
  });
}

function isTaken(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) => resolve(error.code === "EADDRINUSE"));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(false)));
  });
}

async function listener(port: number): Promise<string> {
  const bySs = parseListener((await ask("ss", ["-ltnpH", `sport = :${port}`])).stdout);
  if (bySs) return bySs;
  const byLsof = await ask("lsof", ["-nP", `-iTCP:${port}`, "-sTCP:LISTEN", "-F", "pc"]);
  return parseListener(byLsof.stdout) ?? "a process that this user cannot see";
}

/** All containers that publish ports. */
async function publishers(): Promise<Publisher[]> {
  const format = '{{.Names}}\t{{.Ports}}\t{{.Label "dockwright.project"}}\t{{.Label "dockwright.stack"}}';
  return lines((await ask("docker", ["ps", "--format", format])).stdout).map(parsePublisher);
}

/** Who else holds the port; nothing when it is free, `ours` when this stack has it. */
async function holder(
  all: readonly Publisher[],
  own: StackId,
  port: number,
  host: string,
): Promise<string | undefined> {
  const publisher = all.find(({ ports }) => publishes(ports, port));
  if (publisher) return isOwn(publisher, own) ? "ours" : describePublisher(publisher);
  const daemon = process.env["DOCKER_HOST"] ?? "unix://";
  if (!daemon.startsWith("unix://")) return undefined; // on a daemon elsewhere only Docker can be asked
  const taken = (await answers(port, host === "0.0.0.0" ? LOOPBACK : host)) || (await isTaken(port, host));
  return taken ? listener(port) : undefined;
}

async function judgePort(all: readonly Publisher[], own: StackId, wanted: HostPort): Promise<Finding> {
  const { path, port, address } = wanted;
  const choose = `./dev pulumi config set --path ${path} PORT --stack ${own.stack}`;
  if (typeof port !== "number" || !Number.isInteger(port) || port < 1 || port > 65_535) {
    return missing("Host", path, `want a port number from 1 to 65535, got ${JSON.stringify(port)}`, choose);
  }
  const owner = await holder(all, own, port, address);
  if (owner === undefined || owner === "ours") {
    return ok("Host", "port", `${port} is ${owner ? "this stack's own" : "free"} (${path})`);
  }
  const text = `want port ${port} free, but port ${port} is in use by ${owner}`;
  return missing("Host", path, text, `free it, or choose another: ${choose}`);
}

export async function judgePorts(own: StackId, ports: readonly HostPort[]): Promise<Finding[]> {
  if (ports.length === 0) return [];
  const all = await publishers();
  return Promise.all(ports.map((port) => judgePort(all, own, port)));
}

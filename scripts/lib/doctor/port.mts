// Whether the edge's port of the host is free, or ours already.
import { connect, createServer } from "node:net";
import type { StackId } from "../backend.mts";
import { describePublisher, isOwn, parseListener, parsePublisher, publishes } from "../ports.mts";
import { lines } from "../run.mts";
import { ask } from "./ask.mts";
import { type Finding, missing, ok } from "./finding.mts";

export interface Edge {
  /** As the settings have it; nothing where the program publishes no port. */
  readonly port: string;
  readonly bindAddress: string;
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

/** Who else holds the port; nothing when it is free, `ours` when this stack has it. */
async function holder(stack: StackId, port: number, host: string): Promise<string | undefined> {
  const format = '{{.Names}}\t{{.Ports}}\t{{.Label "dockwright.project"}}\t{{.Label "dockwright.stack"}}';
  const publishers = lines((await ask("docker", ["ps", "--format", format])).stdout).map(parsePublisher);
  const publisher = publishers.find(({ ports }) => publishes(ports, port));
  if (publisher) return isOwn(publisher, stack) ? "ours" : describePublisher(publisher);
  const daemon = process.env["DOCKER_HOST"] ?? "unix://";
  if (!daemon.startsWith("unix://")) return undefined; // on a daemon elsewhere only Docker can be asked
  const taken = (await answers(port, host === "0.0.0.0" ? "127.0.0.1" : host)) || (await isTaken(port, host));
  return taken ? listener(port) : undefined;
}

export async function judgePort(stack: StackId, { port: portText, bindAddress }: Edge): Promise<Finding[]> {
  if (portText === "") return [];
  const port = Number(portText);
  const choose = `./dev pulumi config set --path edge.httpPort PORT --stack ${stack.stack}`;
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    return [missing("Host", "edge.httpPort", `want a port number from 1 to 65535, got ${portText}`, choose)];
  }
  const owner = await holder(stack, port, bindAddress || "127.0.0.1");
  if (owner === undefined || owner === "ours") {
    return [ok("Host", "port", `${port} is ${owner ? "this stack's own" : "free"}`)];
  }
  const text = `want port ${port} free, but port ${port} is in use by ${owner}`;
  return [missing("Host", "edge.httpPort", text, `free it, or choose another: ${choose}`)];
}

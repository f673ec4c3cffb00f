// Usage: preflight.mts PROJECT STACK PORT BIND_ADDRESS
// Says everything that would make `up` fail half-way before anything is created.
import { connect, createServer } from "node:net";
import type { StackId } from "./lib/backend.mts";
import { describePublisher, isOwn, parseListener, parsePublisher, publishes } from "./lib/ports.mts";
import { capture, lines, output, script, UserError } from "./lib/run.mts";

function answers(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host, timeout: 1000 });
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

function listener(port: number): string {
  const bySs = parseListener(capture("ss", ["-ltnpH", `sport = :${port}`]).stdout);
  const found = bySs ?? parseListener(capture("lsof", ["-nP", `-iTCP:${port}`, "-sTCP:LISTEN", "-F", "pc"]).stdout);
  return found ?? "a process that this user cannot see";
}

/** Who else holds the port, or nothing. On a daemon elsewhere only Docker can be asked. */
async function holder(stack: StackId, port: number, host: string): Promise<string | undefined> {
  const format = '{{.Names}}\t{{.Ports}}\t{{.Label "dockwright.project"}}\t{{.Label "dockwright.stack"}}';
  const publishers = lines(output("docker", ["ps", "--format", format])).map(parsePublisher);
  const publisher = publishers.find(({ ports }) => publishes(ports, port));
  if (publisher) return isOwn(publisher, stack) ? undefined : describePublisher(publisher);
  const daemon = process.env["DOCKER_HOST"] ?? "unix://";
  if (!daemon.startsWith("unix://")) return undefined;
  const taken = (await answers(port, host === "0.0.0.0" ? "127.0.0.1" : host)) || (await isTaken(port, host));
  return taken ? listener(port) : undefined;
}

await script(async ([project = "", stack = "", portText = "", bindAddress = ""]) => {
  const problems: string[] = [];
  if (portText !== "") {
    const port = Number(portText);
    const id = { project, stack };
    const valid = Number.isInteger(port) && port > 0 && port < 65_536;
    if (!valid) problems.push(`${project}:edge.httpPort: want a port number, got ${portText}`);
    const owner = valid ? await holder(id, port, bindAddress || "127.0.0.1") : undefined;
    if (owner) {
      problems.push(
        `port ${port} is in use by ${owner}`,
        `free it, or choose another: ./dev pulumi config set --path edge.httpPort PORT --stack ${stack}`,
      );
    }
  }
  const [first, ...more] = problems;
  if (first) throw new UserError(first, ...more);
  console.log(portText ? `port ${portText} is free for this stack` : "nothing to check");
});

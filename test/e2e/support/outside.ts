import { ChildProcess, spawn, spawnSync } from "node:child_process";
import { randomInt } from "node:crypto";

import { takesConnection } from "./host-ports";
import { eventually, succeed } from "./run";

const PORT = 9;

/** Takes every connection. */
const SERVER = `require("node:net").createServer((socket) => socket.end()).listen(${PORT})`;

/** Another host, as containers see it: a network namespace at the other end of a cable, with a listening port. */
export class Outside {
  private constructor(
    /** `address:port` that a container with a way out reaches. */
    readonly target: string,
    private readonly name: string,
    private readonly server: ChildProcess,
  ) {}

  /** Why there cannot be one here. */
  static missing(): string | undefined {
    if (process.platform !== "linux") return "network namespaces are Linux's";
    if (process.getuid?.() !== 0) return "only root makes network namespaces";
    return spawnSync("ip", ["netns", "list"]).status === 0 ? undefined : "there is no working `ip netns`";
  }

  static async open(): Promise<Outside> {
    const name = `dw${process.pid.toString(36)}`;
    // Four addresses of TEST-NET-2, which nobody has.
    const block = randomInt(64) * 4;
    const [here, there] = [`198.51.100.${block + 1}`, `198.51.100.${block + 2}`];
    const ip = (...args: string[]) => succeed("ip", args);
    await ip("netns", "add", name);
    await ip("link", "add", `${name}h`, "type", "veth", "peer", "name", "eth0", "netns", name);
    await ip("addr", "add", `${here}/30`, "dev", `${name}h`);
    await ip("link", "set", `${name}h`, "up");
    await ip("-n", name, "addr", "add", `${there}/30`, "dev", "eth0");
    await ip("-n", name, "link", "set", "eth0", "up");
    await ip("-n", name, "route", "add", "default", "via", here);
    const server = spawn("ip", ["netns", "exec", name, process.execPath, "-e", SERVER], { stdio: "ignore" });
    const outside = new Outside(`${there}:${PORT}`, name, server);
    await eventually("the other host to answer", 20, async () =>
      (await takesConnection(there, PORT)) ? true : undefined,
    );
    return outside;
  }

  /** The cable goes with the namespace. */
  async close(): Promise<void> {
    this.server.kill();
    await succeed("ip", ["netns", "delete", this.name]);
  }
}

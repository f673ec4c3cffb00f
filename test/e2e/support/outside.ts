import { ChildProcess, spawn, spawnSync } from "node:child_process";
import { randomInt } from "node:crypto";
import * as fs from "node:fs";

import { hostAddresses, takesConnection } from "./host-ports";
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
    await removeAbandoned();
    const name = nameOf(process.pid);
    const block = freeBlock();
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
    try {
      await eventually("the other host to answer", 20, async () =>
        (await takesConnection(there, PORT)) ? true : undefined,
      );
    } catch (error) {
      await outside.close();
      throw error;
    }
    return outside;
  }

  /** The cable goes with the namespace. */
  async close(): Promise<void> {
    this.server.kill();
    await succeed("ip", ["netns", "delete", this.name]);
  }
}

const PREFIX = "dw";
const RADIX = 36;

function nameOf(pid: number): string {
  return PREFIX + pid.toString(RADIX);
}

/** Removes the namespaces of processes that were killed. */
async function removeAbandoned(): Promise<void> {
  const names = (await succeed("ip", ["netns", "list"])).split("\n").map((line) => line.split(" ")[0] ?? "");
  for (const name of names.filter((each) => each.startsWith(PREFIX))) {
    const pid = parseInt(name.slice(PREFIX.length), RADIX);
    if (name === nameOf(pid) && !fs.existsSync(`/proc/${pid}`)) await succeed("ip", ["netns", "delete", name]);
  }
}

/** The first of four addresses of TEST-NET-2 that this host does not use, as its last number. */
function freeBlock(): number {
  const used = hostAddresses().filter((address) => address.startsWith("198.51.100."));
  const taken = new Set(used.map((address) => Math.floor(Number(address.split(".")[3]) / 4)));
  const free = Array.from({ length: 64 }, (_, block) => block).filter((block) => !taken.has(block));
  return (free[randomInt(free.length)] ?? 0) * 4;
}

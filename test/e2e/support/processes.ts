import * as fs from "node:fs";
import * as path from "node:path";

import { docker } from "./docker";
import { Inspected } from "./inspected";

/** Each set of capabilities a process has or might get, and whether it may gain any. */
const WANTED: Readonly<Record<string, RegExp>> = {
  CapInh: /^0+$/,
  CapPrm: /^0+$/,
  CapEff: /^0+$/,
  CapBnd: /^0+$/,
  CapAmb: /^0+$/,
  NoNewPrivs: /^1$/,
};

/** An act lasts for longer. */
const LOOK_EVERY_MS = 50;

/** What is wrong with the rights of any process of a container, as the kernel of this host has them. */
export async function excessRights(container: Inspected): Promise<string[]> {
  const listed = await docker("top", container.Id, "-eo", "pid,comm");
  const [, ...rows] = listed.trim().split("\n");
  const processes = rows.map((row) => row.trim().split(/\s+/));
  expect(processes.map(([pid]) => Number(pid))).toContain(container.State.Pid);
  return processes.flatMap(([pid = "", command = ""]) =>
    excess(statusOf(pid)).map((right) => `${container.Name} ${command}: ${right}`),
  );
}

/** Reads /proc/PID/status. */
export function excess(status: string): string[] {
  const fields = new Map(status.split("\n").map((line) => line.split(/:\s*/) as [string, string]));
  return Object.entries(WANTED)
    .filter(([name, wanted]) => fields.size > 1 && !wanted.test(fields.get(name) ?? ""))
    .map(([name]) => `${name} is ${fields.get(name) ?? "not told"}`);
}

/** A process that ended since it was listed, as those of health checks do, has no rights left. */
function statusOf(pid: string): string {
  try {
    return fs.readFileSync(`/proc/${pid}/status`, "utf8");
  } catch {
    return "";
  }
}

/**
 * Kills the first process of a container, as the kernel does when memory runs out. `docker kill` would count as a wish to
 * have it stopped.
 */
export async function killFirstProcess({ Config, State }: Inspected): Promise<void> {
  const rights = ["--pid=host", "--user=0", "--cap-drop=ALL", "--cap-add=KILL", "--network=none"];
  await docker("run", "--rm", ...rights, "--entrypoint=sh", Config.Image, "-c", `kill -9 ${State.Pid}`);
}

/** Running updates whose state lies in a folder: the engine's own processes, without its plugins. Linux only. */
export function enginesOf(stateFolder: string): number[] {
  return processIds().filter((pid) => {
    const [command = "", ...args] = procFile(pid, "cmdline").split("\0");
    const isUpdate = path.basename(command) === "pulumi" && args[0] === "up";
    return isUpdate && procFile(pid, "environ").includes(`PULUMI_BACKEND_URL=file://${stateFolder}/`);
  });
}

/**
 * Looks at the processes of this host again and again, those of acts and inside containers too, and keeps their arguments
 * and environments. Linux only; environments of other users' processes are read as root alone.
 */
export class ProcessWatch {
  private readonly seen = new Set<string>();
  private readonly timer: NodeJS.Timeout;

  private constructor() {
    this.timer = setInterval(() => {
      this.look();
    }, LOOK_EVERY_MS);
  }

  static begin(): ProcessWatch {
    return new ProcessWatch();
  }

  /** All that was seen, by process: its arguments and its environment, both with a zero after each entry. */
  end(): string[] {
    clearInterval(this.timer);
    return [...this.seen];
  }

  private look(): void {
    for (const pid of processIds()) this.seen.add(`${procFile(pid, "cmdline")}\n${procFile(pid, "environ")}`);
  }
}

function processIds(): number[] {
  return fs
    .readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

/** Nothing of a process that has ended meanwhile, or is another user's. */
function procFile(pid: number, name: "cmdline" | "environ"): string {
  try {
    return fs.readFileSync(`/proc/${pid}/${name}`, "utf8");
  } catch {
    return "";
  }
}

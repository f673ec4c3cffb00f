import * as fs from "node:fs";

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

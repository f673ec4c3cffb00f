// Ends what a killed Pulumi CLI left running on one backend, politely first.
import { existsSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { parseProcesses, type Process, remains } from "./processes.mts";
import { capture } from "./run.mts";

const GRACE_MS = 5_000;

/** Whether the process was started for this backend: its environment says so. */
function usesBackend(pid: number, backendUrl: string): boolean {
  const entry = `PULUMI_BACKEND_URL=${backendUrl}`;
  if (existsSync("/proc/self/environ")) {
    try {
      return readFileSync(`/proc/${pid}/environ`, "utf8").split("\0").includes(entry);
    } catch {
      return false; // ended meanwhile, or another user's
    }
  }
  return capture("ps", ["-Eww", "-o", "command=", "-p", String(pid)])
    .stdout.split(/\s/)
    .includes(entry);
}

function signal(process_: Process, name: NodeJS.Signals): void {
  try {
    process.kill(process_.pid, name);
  } catch {
    // already gone
  }
}

function isAlive({ pid }: Process): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** Returns how many processes were ended. */
export async function endRemains(backendUrl: string): Promise<number> {
  const all = parseProcesses(capture("ps", ["-axww", "-o", "pid=", "-o", "ppid=", "-o", "args="]).stdout);
  const left = remains(all, (pid) => usesBackend(pid, backendUrl));
  for (const process_ of left) signal(process_, "SIGTERM");
  const deadline = Date.now() + GRACE_MS;
  while (left.some(isAlive) && Date.now() < deadline) await sleep(50);
  for (const process_ of left.filter(isAlive)) signal(process_, "SIGKILL");
  return left.length;
}

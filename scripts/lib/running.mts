// Who is at work on a stack: the holders of its locks, and the `dev` that its marker names.
import { statSync } from "node:fs";
import { hostname, userInfo } from "node:os";
import { readIfThere } from "./files.mts";
import { describeLock, holderOf, type Holder, type Lock, parseElapsed } from "./locks.mts";
import { capture, output, tell, UserError } from "./run.mts";

function startOf(pid: number): number | undefined {
  const { status, stdout } = capture("ps", ["-o", "stat=", "-o", "etime=", "-p", String(pid)]);
  if (status === 127) {
    const fix = "install the package procps";
    throw new UserError("the command ps is missing, so nobody can tell whether another update is running", fix);
  }
  const [state = "Z", etime = ""] = stdout.trim().split(/\s+/);
  const elapsed = state.startsWith("Z") ? undefined : parseElapsed(etime);
  return elapsed === undefined ? undefined : Date.now() - elapsed;
}

export const holderHere = (lock: Lock): Holder => holderOf(lock, { hostname: hostname(), startOf });

/** What `dev` leaves while an update runs: its process, in the words of a lock. Nothing without one. */
export function readMarker(file: string): Lock | undefined {
  const pid = Number(readIfThere(file)?.trim() || NaN);
  if (!Number.isInteger(pid)) return undefined;
  const timestamp = statSync(file).mtime.toISOString();
  return { pid, username: userInfo().username, hostname: hostname(), timestamp };
}

/** Locks of which somebody living holds one, and the marker's process where that lives. */
export function atWork(locks: readonly Lock[], marker: string): Lock[] {
  const marked = readMarker(marker);
  return [...locks, ...(marked ? [marked] : [])].filter((lock) => holderHere(lock) === "alive");
}

/** Takes locks of the dead away from a stack. */
export function releaseLocks(stack: string, locks: readonly Lock[]): void {
  if (locks.length === 0) return;
  output("pulumi", ["cancel", "--yes", "--non-interactive", "--stack", stack]);
  tell(`removed the lock of ${locks.map(describeLock).join(" and of ")}`);
}

// Usage: recover.mts PROJECT STACK MARKER_FILE
// Clears up after an update that was cut off: its lock, its processes, its pending operations, its orphans.
// Data volumes are never touched, and nothing is removed without a sign of an unfinished update of this very state.
import { existsSync, rmSync } from "node:fs";
import { hostname } from "node:os";
import { readLocks, readState, removeDebris, type StackId } from "./lib/backend.mts";
import { refuseOtherDaemon } from "./lib/daemon-record.mts";
import { listLabelled, orphans, remove } from "./lib/docker.mts";
import { describeLock, holderOf, type Lock, parseElapsed } from "./lib/locks.mts";
import { endRemains } from "./lib/remains.mts";
import { capture, count, output, script, tell, UserError } from "./lib/run.mts";

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

/** Refuses while somebody may be at work; returns the locks of dead processes. */
function staleLocks(locks: readonly Lock[], stack: string): Lock[] {
  for (const lock of locks) {
    const holder = holderOf(lock, { hostname: hostname(), startOf });
    if (holder === "alive") {
      throw new UserError(
        `another update of stack ${stack} is running: ${describeLock(lock)}`,
        `wait for it, or stop it with: kill -INT ${lock.pid}`,
      );
    }
    if (holder === "foreign") {
      throw new UserError(
        `stack ${stack} is locked from another machine: ${describeLock(lock)}`,
        `if nothing runs there any more: ./dev pulumi cancel --yes --stack ${stack}`,
      );
    }
  }
  return [...locks];
}

function clearPending(stack: string, pending: readonly string[]): void {
  tell(`refreshing the state, ${count(pending.length, "operation")} left pending`);
  output("pulumi", [
    "refresh",
    "--clear-pending-creates",
    "--yes",
    "--skip-preview",
    "--non-interactive",
    "--stack",
    stack,
  ]);
}

function removeOrphans(stack: StackId, known: ReadonlySet<string>): number {
  const gone = orphans(listLabelled(stack), known).filter((item) => {
    const complaint = remove(item);
    tell(complaint ? `could not remove ${item.kind} ${item.name}: ${complaint}` : `removed ${item.kind} ${item.name}`);
    return complaint === undefined;
  });
  return gone.length;
}

await script(async ([project = "", stack = "", marker = ""]) => {
  const backendUrl = process.env["PULUMI_BACKEND_URL"] ?? "";
  const id = { project, stack };
  const stale = staleLocks(readLocks(backendUrl, id), stack);
  const before = readState(backendUrl, id);
  const cutOff = stale.length > 0 || (before?.pending.length ?? 0) > 0 || existsSync(marker);
  if (!cutOff || !before) {
    rmSync(marker, { force: true });
    console.log("no unfinished update");
    return;
  }
  refuseOtherDaemon(stack, before.daemons);
  tell(`the last update of stack ${stack} was interrupted, clearing up`);
  const ended = await endRemains(backendUrl);
  if (ended > 0) tell(`ended ${count(ended, "process", "processes")} left running`);
  for (const name of removeDebris(backendUrl, id)) tell(`removed the half-written file ${name}`);
  if (stale.length > 0) {
    output("pulumi", ["cancel", "--yes", "--non-interactive", "--stack", stack]);
    tell(`removed the lock of ${stale.map(describeLock).join(" and of ")}`);
  }
  if (before.pending.length > 0) clearPending(stack, before.pending);
  const removed = removeOrphans(id, readState(backendUrl, id)?.ids ?? new Set());
  rmSync(marker, { force: true });
  console.log(`cleared up after an interrupted update, ${count(removed, "orphan")} removed`);
});

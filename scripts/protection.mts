// Usage: protection.mts take|restore PROJECT STACK REMOVAL_FILE MARKER_FILE DEV_PID
// `down --volumes` takes the protection of everything, for Pulumi to remove it. It comes back when that does not get to
// its end: at once, or with the next command where it was killed. Nothing is restored while it is still at work.
import { existsSync } from "node:fs";
import { hasDamagedLock, readLocks, readState, removeDebris, type StackId } from "./lib/backend.mts";
import { describeLock, type Lock } from "./lib/locks.mts";
import { endRemains } from "./lib/remains.mts";
import { protect, unprotect } from "./lib/removal.mts";
import { count, script, tell } from "./lib/run.mts";
import { atWork, holderHere, releaseLocks } from "./lib/running.mts";

const backendUrl = process.env["PULUMI_BACKEND_URL"] ?? "";

/** The state of a removal that was killed is still locked; whoever held it is dead. */
async function clearLocks({ project, stack }: StackId, locks: readonly Lock[]): Promise<void> {
  await endRemains(backendUrl);
  removeDebris(backendUrl, { project, stack });
  releaseLocks(stack, locks);
}

await script(async ([act = "", project = "", stack = "", file = "", marker = "", own = ""]) => {
  const id = { project, stack };
  if (act === "take") {
    const state = readState(backendUrl, id);
    if (state) unprotect(stack, state, file);
    return;
  }
  const locks = readLocks(backendUrl, id);
  const others = atWork(locks, marker).filter(({ pid }) => String(pid) !== own);
  if (!existsSync(file) || others.length > 0) return;
  const foreign = locks.find((lock) => holderHere(lock) === "foreign");
  if (foreign) {
    tell(`stack ${stack} is locked from another machine, and not protected again: ${describeLock(foreign)}`);
    return;
  }
  if (locks.length > 0 || hasDamagedLock(backendUrl, id)) await clearLocks(id, locks);
  const restored = protect(stack, readState(backendUrl, id), file);
  if (restored > 0)
    tell(`${count(restored, "resource")} of stack ${stack} protected again: it was not removed to the end`);
});

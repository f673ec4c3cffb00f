// Usage: protection.mts take|restore PROJECT STACK REMOVAL_FILE MARKER_FILE DEV_PID
// `down --volumes` takes the protection of everything, for Pulumi to remove it. It comes back when that does not get to
// its end: at once, or with the next command where it was killed. Nothing is restored while it is still at work.
import { existsSync } from "node:fs";
import { readLocks, readState } from "./lib/backend.mts";
import { protect, unprotect } from "./lib/removal.mts";
import { count, script, tell } from "./lib/run.mts";
import { atWork } from "./lib/running.mts";

await script(([act = "", project = "", stack = "", file = "", marker = "", own = ""]) => {
  const id = { project, stack };
  const backendUrl = process.env["PULUMI_BACKEND_URL"] ?? "";
  if (act === "take") {
    const state = readState(backendUrl, id);
    if (state) unprotect(stack, state, file);
    return;
  }
  const others = atWork(readLocks(backendUrl, id), marker).filter(({ pid }) => String(pid) !== own);
  if (!existsSync(file) || others.length > 0) return;
  const restored = protect(stack, readState(backendUrl, id), file);
  if (restored > 0)
    tell(`${count(restored, "resource")} of stack ${stack} protected again: it was not removed to the end`);
});

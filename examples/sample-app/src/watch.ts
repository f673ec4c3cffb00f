import { type ChildProcess, spawn } from "node:child_process";
import { type FSWatcher, readdirSync, watch } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stopOnSignal } from "./stop.ts";

/*
 * For development, in place of main.ts and with its arguments: runs it anew whenever a source file is saved. `node --watch`
 * does not do: on Linux it loses a file that an editor replaces by renaming, and with --watch-path it ends at the first
 * temporary file that this user may not read. Here only folders are watched. What does not even start once ends as main.ts
 * would, so that a deploy fails at once; what stops working by a save waits for the next one.
 */
const folder = import.meta.dirname;

/** Saving everything is several events. */
const settleMs = 100;

/** What was compiled is kept between the runs: most of a start is that. */
const env = { NODE_COMPILE_CACHE: join(tmpdir(), "compile-cache"), ...process.env };

const stop = stopOnSignal();
const watchers = new Map<string, FSWatcher>();
let child: ChildProcess | undefined;
let restarting = false;
let savedOnce = false;
let saved: NodeJS.Timeout | undefined;

function start(): void {
  const running = spawn(process.execPath, [join(folder, "main.ts"), ...process.argv.slice(2)], {
    stdio: "inherit",
    env,
  });
  child = running;
  running.once("exit", (code) => {
    child = undefined;
    if (stop.aborted || !savedOnce) process.exit(code ?? 1);
    if (restarting) start();
    else console.log(`ended with code ${code}, waiting for a save`);
    restarting = false;
  });
}

function restart(): void {
  savedOnce = true;
  watchFolders();
  restarting = child !== undefined;
  if (child) child.kill("SIGTERM");
  else start();
}

function watchFolders(): void {
  const inside = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isDirectory());
  for (const path of [folder, ...inside.map(({ parentPath, name }) => join(parentPath, name))]) {
    if (!watchers.has(path)) watchers.set(path, watchFolder(path));
  }
}

function watchFolder(path: string): FSWatcher {
  const watcher = watch(path, (_event, name) => {
    // Folders have no dot in their names here; temporary files of editors do.
    if (name && !name.endsWith(".ts") && name.includes(".")) return;
    clearTimeout(saved);
    if (!stop.aborted) saved = setTimeout(restart, settleMs);
  });
  return watcher.on("error", () => watchers.delete(path) && watcher.close());
}

stop.addEventListener("abort", () => {
  if (child) child.kill("SIGTERM");
  else process.exit(0);
});
watchFolders();
start();

// Runs the Pulumi CLI and reads the engine's events from it.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { constants } from "node:os";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { type EngineEvent, parseEvent } from "./events.mts";

/** How long after Pulumi's end its last words may take. Plugins that outlive it hold its output open for longer. */
const LAST_WORDS_MS = 1000;

export interface Listener {
  event(event: EngineEvent): void;
  /** A line that is no event. */
  text(line: string): void;
}

/** The exit code as a shell gives it: 128 and the signal's number for a process that was killed. */
function exitCode(code: number | null, signal: NodeJS.Signals | null): number {
  return code ?? 128 + (signal ? constants.signals[signal] : 0);
}

/** Runs Pulumi with its own output. */
export async function runOpenly(args: readonly string[]): Promise<number> {
  const child = spawn("pulumi", args, { stdio: ["ignore", "inherit", "inherit"] });
  const [code, signal] = (await once(child, "exit")) as [number | null, NodeJS.Signals | null];
  return exitCode(code, signal);
}

/**
 * Runs Pulumi with its output as events. They come through a pipe, never a file: debug messages among them hold secrets
 * in clear. A Ctrl-C reaches Pulumi by itself, which is in the same process group.
 */
export async function runPulumi(args: readonly string[], listener: Listener): Promise<number> {
  const child = spawn("pulumi", [...args, "--json"], { stdio: ["ignore", "pipe", "pipe"] });
  const out = createInterface(child.stdout).on("line", (line) => {
    const event = parseEvent(line);
    if (typeof event === "string") listener.text(event);
    else if (event) listener.event(event);
  });
  const err = createInterface(child.stderr).on("line", (line) => listener.text(line));
  const closed = Promise.all([once(out, "close"), once(err, "close")]);
  const [code, signal] = (await once(child, "exit")) as [number | null, NodeJS.Signals | null];
  await Promise.race([closed, sleep(LAST_WORDS_MS, undefined, { ref: false })]);
  child.stdout.destroy();
  child.stderr.destroy();
  return exitCode(code, signal);
}

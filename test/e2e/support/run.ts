import { spawn } from "node:child_process";

import { kindOf, nameOf, recordTime } from "./times";

/** How a command ended and all it said. */
export interface Outcome {
  readonly code: number;
  /** Standard output and standard error, in the order they came. */
  readonly output: string;
  readonly stdout: string;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Record<string, string>;
  readonly input?: string;
  readonly timeoutSeconds?: number;
}

/** Runs a command to its end, with a bound on time. */
export function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<Outcome> {
  return started(command, args, options).finished;
}

/** A command under way, in a process group of its own, so that a signal reaches all of it. */
export interface Started {
  readonly finished: Promise<Outcome>;
  readonly signal: (name: NodeJS.Signals) => void;
}

export function started(command: string, args: readonly string[], options: RunOptions = {}): Started {
  const beganMs = performance.now();
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    detached: true,
    stdio: ["pipe", "pipe", "pipe"],
  });
  const group = -(child.pid ?? 0);
  let stdout = "";
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => {
    stdout += chunk.toString();
    output += chunk.toString();
  });
  child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
  // A command that reads nothing may be gone before it is written to.
  child.stdin.on("error", () => undefined).end(options.input ?? "");
  const seconds = options.timeoutSeconds ?? 600;
  const timer = setTimeout(() => {
    output += `\n(killed after ${seconds} s)`;
    process.kill(group, "SIGKILL");
  }, seconds * 1000);
  const finished = new Promise<Outcome>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => {
      clearTimeout(timer);
      recordTime(kindOf(command, args), nameOf(command, args), beganMs);
      resolve({ code: code ?? 137, output, stdout });
    });
  });
  return { finished, signal: (name) => process.kill(group, name) };
}

/** Runs a command that has to succeed, and gives what it printed. */
export async function succeed(command: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
  const outcome = await run(command, args, options);
  if (outcome.code !== 0) {
    throw new Error(`${command} ${args.join(" ")} ended with ${outcome.code}:\n${outcome.output}`);
  }
  return outcome.stdout;
}

/** Asks again until a condition holds; says what it was waiting for when it does not come true in time. */
export async function eventually<Value>(
  what: string,
  seconds: number,
  attempt: () => Promise<Value | undefined>,
): Promise<Value> {
  const beganMs = performance.now();
  try {
    for (;;) {
      const value = await attempt().catch(() => undefined);
      if (value !== undefined) return value;
      if (performance.now() - beganMs > seconds * 1000) throw new Error(`waited ${seconds} s for ${what}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  } finally {
    recordTime("wait", what, beganMs);
  }
}

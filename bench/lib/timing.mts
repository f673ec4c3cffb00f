// Running a command under the clock: wall time and processor time, bounded, and ended together with its children.
import { spawn } from "node:child_process";
import { UserError } from "../../scripts/lib/run.mts";

export interface Command {
  /** For messages and the progress line. */
  readonly what: string;
  readonly command: readonly [string, ...string[]];
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** @default 300 */
  readonly timeoutSeconds?: number;
}

export interface Timed {
  readonly wallSeconds: number;
  /** User and system time of the command and the children it waited for; work inside the daemon is not in it. */
  readonly cpuSeconds: number;
  readonly output: string;
}

export class Interrupted extends Error {}

/** bash's `time` counts the whole tree, and its own cost is a few milliseconds. */
const TIMED = `TIMEFORMAT='processor seconds %U %S'; time "$@"`;
const TIMES = /^processor seconds (\d+[.,]\d+) (\d+[.,]\d+)$/m;
const LAST_WORDS = 15;

/** Runs a command that must succeed. Aborting sends it an interrupt, and throws once it is gone. */
export async function timed(command: Command, stop?: AbortSignal): Promise<Timed> {
  if (stop?.aborted) throw new Interrupted();
  const start = performance.now();
  const { code, output } = await run(command, stop);
  const wallSeconds = (performance.now() - start) / 1000;
  if (stop?.aborted) throw new Interrupted();
  const times = TIMES.exec(output);
  if (code !== 0 || !times) {
    const words = output.replace(TIMES, "").trimEnd().split("\n").slice(-LAST_WORDS);
    throw new UserError(`${command.what} failed with code ${code}`, ...words);
  }
  const cpuSeconds = [times[1], times[2]].reduce((sum, text) => sum + Number(text?.replace(",", ".")), 0);
  return { wallSeconds, cpuSeconds, output: output.replace(TIMES, "") };
}

function run({ command, cwd, env, timeoutSeconds = 300 }: Command, stop?: AbortSignal) {
  // A process group of its own: the terminal's interrupt reaches us alone, and we pass it on once.
  const child = spawn("bash", ["-c", TIMED, "bash", ...command], {
    ...(cwd && { cwd }),
    env: env ?? process.env,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const signal = (name: NodeJS.Signals): void => {
    try {
      if (child.pid) process.kill(-child.pid, name);
    } catch {
      // It ended by itself.
    }
  };
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const interrupt = (): void => signal("SIGINT");
  stop?.addEventListener("abort", interrupt, { once: true });
  const timer = setTimeout(() => {
    output += `\n(ended after ${timeoutSeconds} s)`;
    signal("SIGINT");
    setTimeout(() => signal("SIGKILL"), 15_000).unref();
  }, timeoutSeconds * 1000);
  return new Promise<{ code: number; output: string }>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => {
      clearTimeout(timer);
      stop?.removeEventListener("abort", interrupt);
      resolve({ code: code ?? 128, output });
    });
  });
}

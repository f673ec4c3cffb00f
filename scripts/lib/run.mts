// Running commands, and the one way a script tells the user what went wrong.
import { spawnSync } from "node:child_process";

/** A mistake or a state of the machine that the user can do something about: printed without a stack trace. */
export class UserError extends Error {
  readonly hints: readonly string[];

  constructor(message: string, ...hints: string[]) {
    super(message);
    this.hints = hints;
  }
}

export interface Result {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command to its end and returns what it printed. A missing command has status 127. */
export function capture(command: string, args: readonly string[], input = ""): Result {
  const done = spawnSync(command, args, { encoding: "utf8", input, maxBuffer: 512 * 1024 * 1024 });
  if (done.error) return { status: 127, stdout: "", stderr: done.error.message };
  return { status: done.status ?? 128, stdout: done.stdout, stderr: done.stderr };
}

/** Like `capture`, but anything else than success is an error that names the command and its last words. */
export function output(command: string, args: readonly string[]): string {
  const { status, stdout, stderr } = capture(command, args);
  if (status !== 0) {
    const words = stderr.trim() || stdout.trim() || `exit code ${status}`;
    throw new UserError(`${command} ${args.slice(0, 2).join(" ")} failed: ${words}`);
  }
  return stdout;
}

export function lines(text: string): string[] {
  return text.split("\n").filter((line) => line.trim() !== "");
}

export function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}

/** Progress for the user; standard output is kept for what the calling shell reads. */
export function tell(line: string): void {
  process.stderr.write(`    ${line}\n`);
}

/** Runs a script's main function; a UserError ends it with its message and exit code 1. */
export async function script(main: (args: string[]) => Promise<void> | void): Promise<void> {
  try {
    await main(process.argv.slice(2));
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    process.stderr.write(`error: ${error.message}\n`);
    for (const hint of error.hints) process.stderr.write(`       ${hint}\n`);
    process.exitCode = 1;
  }
}

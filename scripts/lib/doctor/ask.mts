// Running a command for its answer, never longer than is granted, and without a terminal to ask questions on.
import { spawn } from "node:child_process";
import type { Result } from "../run.mts";

export const PATIENCE_MS = 20_000;

/** Status 124 means that time ran out, 127 that there is no such command. */
export function ask(
  command: string,
  args: readonly string[],
  ms = PATIENCE_MS,
  env?: NodeJS.ProcessEnv,
): Promise<Result> {
  return new Promise((resolve) => {
    // A group of its own: what the command started (ssh, a plugin) ends with it.
    const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"], detached: true, env: env ?? process.env });
    let [stdout, stderr] = ["", ""];
    const end = (status: number, complaint = ""): void => {
      clearTimeout(timer);
      child.stdout.destroy(); // a grandchild may hold the pipes open
      child.stderr.destroy();
      resolve({ status, stdout, stderr: complaint || stderr });
    };
    const timer = setTimeout(() => {
      if (child.pid !== undefined) killGroup(child.pid);
      end(124, `no answer within ${ms / 1000} s`);
    }, ms);
    child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    child.once("error", (error) => end(127, error.message));
    child.once("close", (code) => end(code ?? 128));
  });
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // gone meanwhile
  }
}

export function lastLine(text: string): string {
  return text.trim().split("\n").at(-1)?.trim() ?? "";
}

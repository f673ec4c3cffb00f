// Runs a command on a terminal of a fixed size and notes what it writes, and when.
import { spawn } from "node:child_process";
import { once } from "node:events";
import type { Size } from "./screen.mts";

export interface Chunk {
  /** Milliseconds since the beginning. */
  readonly at: number;
  readonly text: string;
}

export interface Recording {
  readonly chunks: readonly Chunk[];
  readonly status: number;
}

/** By `script` of util-linux, which gives the command a terminal without needing one itself. */
export async function record(command: readonly string[], { columns, rows }: Size): Promise<Recording> {
  const quoted = command.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(" ");
  const line = `stty cols ${columns} rows ${rows}; exec ${quoted}`;
  const began = Date.now();
  const child = spawn("script", ["--quiet", "--flush", "--return", "--command", line, "/dev/null"], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, TERM: "xterm-256color", CI: "", NO_COLOR: "", SHELL: "/bin/sh" },
  });
  const chunks: Chunk[] = [];
  child.stdout.setEncoding("utf8").on("data", (text: string) => chunks.push({ at: Date.now() - began, text }));
  const [code] = (await once(child, "close")) as [number | null];
  return { chunks, status: code ?? 128 };
}

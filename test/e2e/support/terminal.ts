import { Terminal } from "@xterm/headless";

import { ProjectCopy } from "./project";
import { run } from "./run";

export const COLUMNS = 100;
const ROWS = 50;

/** What a command left on a terminal, and everything it wrote on the way. */
export interface Shown {
  readonly code: number;
  readonly lines: string[];
  readonly raw: string;
}

/** Runs `./dev` on a terminal (Linux only). */
export async function devOnTerminal(project: ProjectCopy, command: string): Promise<Shown> {
  const line = `stty cols ${COLUMNS} rows ${ROWS}; exec ./dev ${command}`;
  const outcome = await run("script", ["--quiet", "--flush", "--return", "--command", line, "/dev/null"], {
    cwd: project.folder,
    env: { ...project.env, TERM: "xterm-256color", SHELL: "/bin/sh", NO_COLOR: "" },
  });
  return { code: outcome.code, raw: outcome.stdout, lines: await finalScreen(outcome.stdout) };
}

async function finalScreen(output: string): Promise<string[]> {
  const terminal = new Terminal({ cols: COLUMNS, rows: ROWS, scrollback: 1000, allowProposedApi: true });
  await new Promise<void>((resolve) => {
    terminal.write(output, resolve);
  });
  const { active } = terminal.buffer;
  const lines = Array.from({ length: active.length }, (_, row) => active.getLine(row)?.translateToString(true) ?? "");
  while (lines.at(-1) === "") lines.pop();
  return lines;
}

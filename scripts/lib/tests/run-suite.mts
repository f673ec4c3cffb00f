// One suite from its start to its result.
import { spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import { join } from "node:path";
import { readIfThere } from "../files.mts";
import { tell } from "../run.mts";
import type { Ended } from "./counts.mts";
import { plainText, READERS, type Report } from "./results.mts";
import { type Chosen, commandOf, type Runner } from "./suites.mts";

const REPORTER = join(import.meta.dirname, "node-reporter.mjs");

/** Of what a suite said: what stands with its failure. */
const LAST_LINES = 12;

export interface RunOptions {
  readonly root: string;
  /** Folder for its log and its report. */
  readonly results: string;
  readonly env: Readonly<Record<string, string>>;
  /** Whether its output is shown as it comes. @default it stands in the log, and is shown when the suite fails */
  readonly live?: boolean;
  /** What its runner is told beside its files. @default nothing */
  readonly flags?: readonly string[];
}

/** Runs a suite; what it prints goes to `<results>/<name>.log`. */
export async function runSuite(chosen: Chosen, options: RunOptions): Promise<Ended> {
  const { root, results, env, live = false, flags = [] } = options;
  const { name, folder = ".", runner, e2e } = chosen.suite;
  const [logFile, reportFile] = [join(results, `${name}.log`), join(results, `${name}.report`)];
  const [command = "", ...args] = [...commandOf(chosen, reportFile, REPORTER), ...flags];
  const began = performance.now();
  const exitCode = await run(command, args, { cwd: join(root, folder), env, logFile, live });
  const seconds = (performance.now() - began) / 1000;
  const words = wordsIn(logFile, runner);
  if (exitCode !== 0 && !live) process.stdout.write(words);
  const report = runner === "plain" ? undefined : readReport(runner, runner === "go" ? logFile : reportFile);
  const said = lastLines(words);
  return { name, runner, exitCode, seconds, ...(report && { report }), said, timed: e2e !== undefined };
}

/** What a runner that was killed has not written, or only begun, is no report. */
function readReport(runner: keyof typeof READERS, file: string): Report | undefined {
  const text = readIfThere(file);
  if (text === undefined) return undefined;
  try {
    return READERS[runner](text);
  } catch {
    return undefined;
  }
}

/** What a log has for people: of Go, all but its events. */
function wordsIn(logFile: string, runner: Runner): string {
  const text = readIfThere(logFile) ?? "";
  if (runner !== "go") return text;
  const lines = text.split("\n").filter((line) => !line.startsWith("{"));
  return lines.join("\n");
}

function lastLines(text: string): string[] {
  const whole = plainText(text).trimEnd();
  return whole === "" ? [] : whole.split("\n").slice(-LAST_LINES);
}

interface ProcessOptions {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly logFile: string;
  readonly live: boolean;
}

function run(command: string, args: readonly string[], { cwd, env, logFile, live }: ProcessOptions): Promise<number> {
  const log = createWriteStream(logFile);
  log.on("error", (error) => {
    tell(`${logFile}: ${error.message}`);
  });
  const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] });
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => {
      log.write(chunk);
      if (live) process.stdout.write(chunk);
    });
  }
  return new Promise((resolve) => {
    const end = (code: number): void => {
      log.end(() => {
        resolve(code);
      });
    };
    child.on("error", (error) => {
      log.write(`${error.message}\n`);
      end(127);
    });
    child.on("close", (code) => {
      end(code ?? 128);
    });
  });
}

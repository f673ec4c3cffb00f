import * as fs from "node:fs";
import * as path from "node:path";

/** What takes time in tests, and is worth a column of its own. */
export type Kind = "up" | "down" | "preview" | "build" | "wait" | "other";

/** Where every one of them is written down, a line each; nowhere without it. */
const FILE = process.env["DOCKWRIGHT_TEST_TIMES"];

/** Writes down what took time since a point in time (`performance.now()`), with the test file it belongs to. */
export function recordTime(kind: Kind, what: string, beganMs: number): void {
  if (FILE === undefined) return;
  const seconds = Math.round(performance.now() - beganMs) / 1000;
  const { testPath = "", currentTestName = "" } = expect.getState();
  const took = { file: path.basename(testPath), test: currentTestName, kind, what, seconds };
  fs.appendFileSync(FILE, `${JSON.stringify(took)}\n`);
}

/** A command in a few words: what follows may be long. */
export function nameOf(command: string, args: readonly string[]): string {
  return [path.basename(command), ...args.slice(0, 3)].join(" ").slice(0, 80);
}

/** What a command is, by its name and its arguments. */
export function kindOf(command: string, args: readonly string[]): Kind {
  const [first = "", second = ""] = args;
  if (command === "docker") return first === "build" ? "build" : "other";
  if (!command.endsWith("/dev")) return "other";
  const word = first === "pulumi" ? second : first;
  if (word === "images") return "build";
  if (word === "destroy") return "down";
  return word === "up" || word === "down" || word === "preview" ? word : "other";
}

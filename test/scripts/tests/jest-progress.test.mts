import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";

interface Reporter {
  began: number;
  onTestFileStart(file: object): void;
  onTestCaseResult(file: object, result: object): void;
  onTestFileResult(file: object, result: object): void;
}

const url = new URL("../../../scripts/lib/tests/jest-progress.mjs", import.meta.url);
const { default: Progress } = (await import(url.href)) as { default: new () => Reporter };

const FILE = { path: "/repository/test/e2e/tls.test.ts" };

let now: number;
let said: string[];
let progress: Reporter;

beforeEach(() => {
  [now, said] = [1_000, []];
  mock.method(performance, "now", () => now);
  mock.method(console, "log", (line: string) => void said.push(line));
  progress = new Progress();
});

afterEach(() => {
  mock.restoreAll();
});

const caseResult = (status: string, more: object = {}) => ({
  ...{ status, title: "keeps its key", ancestorTitles: ["tls", "edge"], duration: 1_234 },
  ...more,
});

test("a line for each file that begins, with the time since the run began", () => {
  progress.onTestFileStart(FILE);
  now += 754_321;
  progress.onTestFileStart({ path: "/repository/test/e2e/docs.test.ts" });
  assert.deepEqual(said, ["    0.0 s  tls: begins", "  754.3 s  docs: begins"]);
});

test("a line for each test that has run, by how it went and how long it took", () => {
  progress.onTestCaseResult(FILE, caseResult("passed"));
  progress.onTestCaseResult(FILE, caseResult("failed", { ancestorTitles: [], duration: null }));
  for (const status of ["pending", "skipped", "todo", "disabled"]) progress.onTestCaseResult(FILE, caseResult(status));
  assert.deepEqual(said, [
    "    0.0 s  tls: ok 1.2 s  tls › edge › keeps its key",
    "    0.0 s  tls: FAILED 0.0 s  keeps its key",
  ]);
});

test("what a file said comes with its end, and every line of it bears its name", () => {
  now += 60_000;
  const result = {
    perfStats: { start: 5_000, end: 64_960 },
    console: [{ message: "first\nsecond" }, { message: "third" }],
  };
  progress.onTestFileResult(FILE, result);
  assert.deepEqual(said, [
    "   60.0 s  tls: first",
    "   60.0 s  tls: second",
    "   60.0 s  tls: third",
    "   60.0 s  tls: ends after 60.0 s",
  ]);
});

test("a file that said nothing, and one that does not load", () => {
  const perfStats = { start: 0, end: 0 };
  progress.onTestFileResult(FILE, { perfStats, console: null });
  progress.onTestFileResult(FILE, { perfStats, testExecError: new Error("Cannot find module 'x'\nof tls.test.ts") });
  assert.deepEqual(said, [
    "    0.0 s  tls: ends after 0.0 s",
    "    0.0 s  tls: FAILED to load: Cannot find module 'x'",
    "    0.0 s  tls: of tls.test.ts",
    "    0.0 s  tls: ends after 0.0 s",
  ]);
});

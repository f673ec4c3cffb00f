import assert from "node:assert/strict";
import { test } from "node:test";
import type { Ended } from "../../../scripts/lib/tests/counts.mts";
import { describeFailures } from "../../../scripts/lib/tests/failures.mts";
import type { TestResult } from "../../../scripts/lib/tests/results.mts";

const failed = (name: string, reason?: string, file = "a.test.ts"): TestResult => ({
  file,
  name,
  status: "failed",
  seconds: 0,
  ...(reason !== undefined && { reason }),
});
const suite = (tests: readonly TestResult[], change: Partial<Ended> = {}): Ended => ({
  name: "unit",
  runner: "jest",
  exitCode: 1,
  seconds: 1,
  report: { tests },
  ...change,
});

test("nothing is said of what passed or was skipped", () => {
  const common = { file: "a.test.ts", name: "a", seconds: 0 };
  const tests: TestResult[] = [
    { ...common, status: "passed" },
    { ...common, status: "skipped" },
  ];
  assert.deepEqual(describeFailures([suite(tests, { exitCode: 0 })], true), []);
});

test("a failed test is named by its suite, its file and its name, with its reason", () => {
  const suites = [
    suite([failed("edge › routes", "want 1\n\n  got 2\n")]),
    suite([failed("up", undefined, "up.test.ts")], { name: "e2e" }),
  ];
  assert.deepEqual(describeFailures(suites, false), [
    "failed: unit, a.test.ts: edge › routes",
    "        want 1",
    "",
    "          got 2",
    "failed: e2e, up.test.ts: up",
    "        no reason was given",
  ]);
});

test("the same reason is given once for each file", () => {
  const tests = [failed("one", "no"), failed("two", "other"), failed("three", "no"), failed("four", "no", "b.test.ts")];
  assert.deepEqual(describeFailures([suite(tests)], false), [
    "failed: unit, a.test.ts: one",
    "        no",
    "failed: unit, a.test.ts: two",
    "        other",
    "failed: unit, a.test.ts: three",
    "        for the same reason",
    "failed: unit, b.test.ts: four",
    "        no",
  ]);
});

test("a long reason is cut after 24 lines or 4000 characters, and says so", () => {
  const lines = (number: number) => Array.from({ length: number }, (_, index) => `line ${index + 1}`);
  const reasonOf = (reason: string) => describeFailures([suite([failed("one", reason)])], false).slice(1);
  const shown = lines(24).map((line) => `        ${line}`);
  assert.deepEqual(reasonOf(lines(24).join("\n")), shown);
  assert.deepEqual(reasonOf(lines(25).join("\n")), [...shown, "        …"]);
  assert.deepEqual(reasonOf("x".repeat(4000)), [`        ${"x".repeat(4000)}`]);
  assert.deepEqual(reasonOf("x".repeat(4001)), [`        ${"x".repeat(4000)}`, "        …"]);
});

test("a suite that fails without a failed test is named with its exit code and what it said last", () => {
  const plain: Ended = { name: "types", runner: "plain", exitCode: 2, seconds: 1, said: ["a.ts:1", "  2 errors"] };
  const shown = ["failed: types: it ended with 2", "        a.ts:1", "          2 errors"];
  assert.deepEqual(describeFailures([plain], false), shown);
  assert.deepEqual(describeFailures([suite([])], false), ["failed: unit: it ended with 1"]);
});

test("a suite that left no report is named, however it ended", () => {
  const silent: Ended = { name: "unit", runner: "jest", exitCode: 0, seconds: 1, said: [] };
  const killed: Ended = { name: "engine", runner: "go", exitCode: 128, seconds: 1, said: ["go: no such module"] };
  assert.deepEqual(describeFailures([silent, killed], false), [
    "failed: unit: it left no report",
    "failed: engine: it left no report",
    "        go: no such module",
  ]);
});

test("a skipped suite is a failure in CI only", () => {
  const skipped = suite([], { name: "e2e", exitCode: 0, skipped: "no Docker daemon" });
  assert.deepEqual(describeFailures([skipped], false), []);
  assert.deepEqual(describeFailures([skipped], true), ["failed: e2e was skipped: no Docker daemon"]);
});

test("files of a skipped suite that do not load are named before it", () => {
  const tests = [failed("loads", "no such module")];
  const skipped = suite(tests, { name: "e2e", skipped: "no Docker daemon" });
  const loading = ["failed: e2e, a.test.ts: loads", "        no such module"];
  assert.deepEqual(describeFailures([skipped], false), loading);
  assert.deepEqual(describeFailures([skipped], true), [...loading, "failed: e2e was skipped: no Docker daemon"]);
});

test("a skipped suite that fails by itself is named, too", () => {
  const skipped = suite([], { name: "e2e", skipped: "no Docker daemon" });
  const trouble = "failed: e2e: it ended with 1";
  assert.deepEqual(describeFailures([skipped], false), [trouble]);
  assert.deepEqual(describeFailures([skipped], true), [trouble, "failed: e2e was skipped: no Docker daemon"]);
});

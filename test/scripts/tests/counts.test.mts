import assert from "node:assert/strict";
import { test } from "node:test";
import { addCounts, countSuite, describeCounts, type Ended } from "../../../scripts/lib/tests/counts.mts";
import type { Report, Status } from "../../../scripts/lib/tests/results.mts";

function report(numbers: Partial<Record<Status, number>>): Report {
  const of = (status: Status) => ({ file: "a.test.ts", name: "a", status, seconds: 0 });
  const tests = Object.entries(numbers).flatMap(([status, number]) => Array(number).fill(of(status as Status)));
  return { tests };
}

/** A suite of jest that ended well. */
const suite = (change: Partial<Ended>): Ended => ({ name: "unit", runner: "jest", exitCode: 0, seconds: 1, ...change });

test("every test counts by how it went", () => {
  const ended = suite({ exitCode: 1, report: report({ passed: 3, failed: 2, skipped: 2 }) });
  assert.deepEqual(countSuite(ended, false), { passed: 3, failed: 2, skipped: 2 });
  assert.deepEqual(countSuite(ended, true), { passed: 3, failed: 2, skipped: 2 });
});

test("a plain suite is one test", () => {
  const ended = (exitCode: number) => suite({ runner: "plain", exitCode });
  assert.deepEqual(countSuite(ended(0), false), { passed: 1, failed: 0, skipped: 0 });
  assert.deepEqual(countSuite(ended(2), false), { passed: 0, failed: 1, skipped: 0 });
});

test("any other suite without a report is one failed test, however it ended", () => {
  for (const runner of ["jest", "node", "go"] as const) {
    for (const exitCode of [0, 1]) {
      assert.deepEqual(countSuite(suite({ runner, exitCode }), false), { passed: 0, failed: 1, skipped: 0 });
    }
  }
});

test("a report without a test counts none", () => {
  const ended = suite({ runner: "node", report: report({}) });
  assert.deepEqual(countSuite(ended, false), { passed: 0, failed: 0, skipped: 0 });
});

test("a runner that fails without a failed test counts one", () => {
  const ended = suite({ exitCode: 1, report: report({ passed: 3 }) });
  assert.deepEqual(countSuite(ended, false), { passed: 3, failed: 1, skipped: 0 });
});

test("skipped for want of a daemon is a failure in CI only", () => {
  const ended = suite({ report: report({ skipped: 7 }), skipped: "no Docker daemon" });
  assert.deepEqual(countSuite(ended, false), { passed: 0, failed: 0, skipped: 7 });
  assert.deepEqual(countSuite(ended, true), { passed: 0, failed: 7, skipped: 0 });
});

test("a skipped suite that has no test counts one", () => {
  const ended = suite({ report: report({}), skipped: "no Docker daemon" });
  assert.deepEqual(countSuite(ended, false), { passed: 0, failed: 0, skipped: 1 });
  assert.deepEqual(countSuite(ended, true), { passed: 0, failed: 1, skipped: 0 });
});

test("files of a skipped suite that do not load are failures everywhere", () => {
  const ended = suite({ exitCode: 1, report: report({ failed: 1, skipped: 7 }), skipped: "no Docker daemon" });
  assert.deepEqual(countSuite(ended, false), { passed: 0, failed: 1, skipped: 7 });
  assert.deepEqual(countSuite(ended, true), { passed: 0, failed: 8, skipped: 0 });
});

test("a skipped suite that fails without a failed test, or leaves no report, counts one everywhere", () => {
  const broken = suite({ exitCode: 1, report: report({ skipped: 7 }), skipped: "no Docker daemon" });
  assert.deepEqual(countSuite(broken, false), { passed: 0, failed: 1, skipped: 7 });
  assert.deepEqual(countSuite(broken, true), { passed: 0, failed: 8, skipped: 0 });
  const silent = suite({ exitCode: 1, skipped: "no Docker daemon" });
  assert.deepEqual(countSuite(silent, false), { passed: 0, failed: 1, skipped: 1 });
  assert.deepEqual(countSuite(silent, true), { passed: 0, failed: 2, skipped: 0 });
});

test("suites are added up", () => {
  const all = [
    { passed: 3, failed: 1, skipped: 0 },
    { passed: 6, failed: 0, skipped: 2 },
  ];
  assert.deepEqual(addCounts(all), { passed: 9, failed: 1, skipped: 2 });
  assert.deepEqual(addCounts([]), { passed: 0, failed: 0, skipped: 0 });
});

test("the last line", () => {
  assert.equal(describeCounts({ passed: 2, failed: 0, skipped: 0 }), "2 passed, 0 failed");
  assert.equal(describeCounts({ passed: 2, failed: 1, skipped: 3 }), "2 passed, 1 failed, 3 skipped");
});

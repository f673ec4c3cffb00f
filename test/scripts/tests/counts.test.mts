import assert from "node:assert/strict";
import { test } from "node:test";
import { addCounts, countSuite, describeCounts } from "../../../scripts/lib/tests/counts.mts";
import type { Report, Status } from "../../../scripts/lib/tests/results.mts";

function report(numbers: Partial<Record<Status, number>>): Report {
  const of = (status: Status) => ({ file: "a.test.ts", name: "a", status, seconds: 0 });
  const tests = Object.entries(numbers).flatMap(([status, number]) => Array(number).fill(of(status as Status)));
  return { tests };
}

test("every test counts by how it went", () => {
  const suite = { name: "unit", exitCode: 1, seconds: 1, report: report({ passed: 3, failed: 2, skipped: 2 }) };
  assert.deepEqual(countSuite(suite, false), { passed: 3, failed: 2, skipped: 2 });
  assert.deepEqual(countSuite(suite, true), { passed: 3, failed: 2, skipped: 2 });
});

test("a suite without a report is one test", () => {
  assert.deepEqual(countSuite({ name: "types", exitCode: 0, seconds: 1 }, false), { passed: 1, failed: 0, skipped: 0 });
  assert.deepEqual(countSuite({ name: "types", exitCode: 2, seconds: 1 }, false), { passed: 0, failed: 1, skipped: 0 });
});

test("a report without a test counts none", () => {
  const suite = { name: "scripts", exitCode: 0, seconds: 1, report: report({}) };
  assert.deepEqual(countSuite(suite, false), { passed: 0, failed: 0, skipped: 0 });
});

test("a runner that fails without a failed test counts one", () => {
  const suite = { name: "unit", exitCode: 1, seconds: 1, report: report({ passed: 3 }) };
  assert.deepEqual(countSuite(suite, false), { passed: 3, failed: 1, skipped: 0 });
});

test("skipped for want of a daemon is a failure in CI only", () => {
  const suite = { name: "e2e", exitCode: 0, seconds: 1, report: report({ skipped: 7 }), skipped: "no Docker daemon" };
  assert.deepEqual(countSuite(suite, false), { passed: 0, failed: 0, skipped: 7 });
  assert.deepEqual(countSuite(suite, true), { passed: 0, failed: 7, skipped: 0 });
});

test("a skipped suite that reports nothing counts one", () => {
  const suite = { name: "e2e", exitCode: 0, seconds: 1, skipped: "no Docker daemon" };
  assert.deepEqual(countSuite(suite, false), { passed: 0, failed: 0, skipped: 1 });
  assert.deepEqual(countSuite(suite, true), { passed: 0, failed: 1, skipped: 0 });
});

test("files of a skipped suite that do not load are failures everywhere", () => {
  const suite = {
    name: "e2e",
    exitCode: 1,
    seconds: 1,
    report: report({ failed: 1, skipped: 7 }),
    skipped: "no daemon",
  };
  assert.deepEqual(countSuite(suite, false), { passed: 0, failed: 1, skipped: 7 });
  assert.deepEqual(countSuite(suite, true), { passed: 0, failed: 8, skipped: 0 });
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

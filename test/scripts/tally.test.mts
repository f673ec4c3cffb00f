import assert from "node:assert/strict";
import { test } from "node:test";
import { countGo, countJest, countNode, countSuite, describe } from "../../scripts/lib/tally.mts";

function jest(passed: number, failed: number, pending: number, broken = 0): string {
  return JSON.stringify({
    numPassedTests: passed,
    numFailedTests: failed,
    numPendingTests: pending,
    numTodoTests: 0,
    numRuntimeErrorTestSuites: broken,
  });
}

test("jest: files that do not load count as failed", () => {
  assert.deepEqual(countJest(jest(3, 1, 2, 1)), { passed: 3, failed: 2, skipped: 2 });
});

test("node: both reporters, several runs", () => {
  assert.deepEqual(countNode("ℹ tests 4\nℹ pass 3\nℹ fail 1\nℹ cancelled 0\nℹ skipped 0\nℹ todo 0\n"), {
    passed: 3,
    failed: 1,
    skipped: 0,
  });
  assert.deepEqual(countNode("# pass 1\n# fail 0\n# skipped 2\n\u001b[34mℹ pass 5\u001b[39m\n"), {
    passed: 6,
    failed: 0,
    skipped: 2,
  });
});

test("go: one per test, a package that does not build counts once", () => {
  const events = [
    { Action: "run", Test: "A", Package: "p" },
    { Action: "pass", Test: "A", Package: "p" },
    { Action: "fail", Test: "B", Package: "p" },
    { Action: "skip", Test: "C", Package: "p" },
    { Action: "fail", Package: "p" },
    { Action: "fail", Package: "broken" },
    { Action: "pass", Package: "q" },
  ];
  const text = `# compiler words\n${events.map((event) => JSON.stringify(event)).join("\n")}\n`;
  assert.deepEqual(countGo(text), { passed: 1, failed: 2, skipped: 1 });
});

test("a suite without a report is one test", () => {
  assert.deepEqual(countSuite({ name: "types", exitCode: 0 }, false), { passed: 1, failed: 0, skipped: 0 });
  assert.deepEqual(countSuite({ name: "types", exitCode: 2 }, false), { passed: 0, failed: 1, skipped: 0 });
});

test("a runner that fails without a failed test counts one", () => {
  const suite = { name: "unit", exitCode: 1, report: { kind: "jest" as const, text: jest(3, 0, 0) } };
  assert.deepEqual(countSuite(suite, false), { passed: 3, failed: 1, skipped: 0 });
});

test("skipped for want of a daemon is a failure in CI only", () => {
  const report = { kind: "jest" as const, text: jest(0, 0, 7) };
  const suite = { name: "e2e", exitCode: 0, report, skipped: "no Docker daemon" };
  assert.deepEqual(countSuite(suite, false), { passed: 0, failed: 0, skipped: 7 });
  assert.deepEqual(countSuite(suite, true), { passed: 0, failed: 7, skipped: 0 });
  assert.deepEqual(countSuite({ name: "e2e", exitCode: 0, skipped: "x" }, true).failed, 1);
});

test("the last line", () => {
  assert.equal(describe({ passed: 2, failed: 0, skipped: 0 }), "2 passed, 0 failed");
  assert.equal(describe({ passed: 2, failed: 1, skipped: 3 }), "2 passed, 1 failed, 3 skipped");
});

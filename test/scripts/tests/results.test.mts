import assert from "node:assert/strict";
import { test } from "node:test";
import { readGo, readJest, readNode } from "../../../scripts/lib/tests/results.mts";

const RED = "\u001b[31m";
const PLAIN = "\u001b[39m";

const assertion = (title: string, status: string, more: object = {}) => ({
  ...{ title, status, ancestorTitles: [], fullName: title, duration: 1500, failureMessages: [] },
  ...more,
});
const jestFile = (name: string, status: string, assertionResults: readonly object[], message = "") => ({
  ...{ name: `/repository/test/${name}`, status, message, assertionResults },
  ...{ startTime: 1_000, endTime: 3_500 },
});
const jest = (...testResults: readonly object[]): string => JSON.stringify({ testResults });

test("jest: names are joined, colours are stripped, what did not run was skipped", () => {
  const why = { ancestorTitles: ["edge", "routes"], failureMessages: [`${RED}want 1${PLAIN}`, "at a.test.ts:3"] };
  const report = jest(
    jestFile("a.test.ts", "failed", [
      assertion("passes", "passed"),
      assertion("fails", "failed", why),
      assertion("waits", "pending", { duration: null }),
      assertion("is planned", "todo", { duration: undefined }),
    ]),
  );
  assert.deepEqual(readJest(report), {
    tests: [
      { file: "a.test.ts", name: "passes", status: "passed", seconds: 1.5 },
      {
        ...{ file: "a.test.ts", name: "edge › routes › fails", status: "failed", seconds: 1.5 },
        reason: "want 1\nat a.test.ts:3",
      },
      { file: "a.test.ts", name: "waits", status: "skipped", seconds: 0 },
      { file: "a.test.ts", name: "is planned", status: "skipped", seconds: 0 },
    ],
    files: [{ file: "a.test.ts", seconds: 2.5 }],
  });
});

test("jest: a file that does not load is one failed test, beside those which it has", () => {
  const report = jest(
    jestFile("a.test.ts", "failed", [], `${RED}Cannot find module${PLAIN}`),
    jestFile("b.test.ts", "failed", [assertion("passes", "passed")], "afterAll broke"),
  );
  assert.deepEqual(readJest(report).tests, [
    { file: "a.test.ts", name: "loads", status: "failed", seconds: 0, reason: "Cannot find module" },
    { file: "b.test.ts", name: "loads", status: "failed", seconds: 0, reason: "afterAll broke" },
    { file: "b.test.ts", name: "passes", status: "passed", seconds: 1.5 },
  ]);
});

test("jest: a failed test without a message has an empty reason, a clock that was set back no negative time", () => {
  const failed = assertion("fails", "failed", { failureMessages: null });
  const report = jest({ ...jestFile("a.test.ts", "failed", [failed]), endTime: 500 });
  assert.deepEqual(readJest(report), {
    tests: [{ file: "a.test.ts", name: "fails", status: "failed", seconds: 1.5, reason: "" }],
    files: [{ file: "a.test.ts", seconds: 0 }],
  });
});

test("jest: what is empty or was cut off is no report", () => {
  const whole = jest(jestFile("a.test.ts", "passed", [assertion("passes", "passed")]));
  for (const text of ["", whole.slice(0, -1), whole.slice(0, 40), "{}", "null"])
    assert.throws(() => readJest(text), text);
});

test("node: a test for each line, and no line that is anything else or was cut off", () => {
  const passed = { file: "a.test.mts", name: "passes", status: "passed", seconds: 0.5 };
  const failed = { file: "a.test.mts", name: "fails", status: "failed", seconds: 1, reason: "Error: no" };
  const text = `words\n${JSON.stringify(passed)}\n${JSON.stringify(failed)}\n{"file":"b.test.m`;
  assert.deepEqual(readNode(text), { tests: [passed, failed] });
  assert.deepEqual(readNode(""), { tests: [] });
});

const go = (...events: readonly object[]): string => events.map((event) => JSON.stringify(event)).join("\n");

test("go: one for each test, its own output is the reason", () => {
  const text = go(
    { Action: "start", Package: "dockwright/p" },
    { Action: "run", Test: "A", Package: "dockwright/p" },
    { Action: "output", Test: "A", Package: "dockwright/p", Output: "a word of A\n" },
    { Action: "pass", Test: "A", Package: "dockwright/p", Elapsed: 0.5 },
    { Action: "output", Test: "B", Package: "dockwright/p", Output: "p_test.go:4: got 1\n" },
    { Action: "output", Test: "B", Package: "dockwright/q", Output: "another package's B\n" },
    { Action: "output", Test: "B", Package: "dockwright/p", Output: "--- FAIL: B\n" },
    { Action: "fail", Test: "B", Package: "dockwright/p", Elapsed: 2 },
    { Action: "skip", Test: "C", Package: "dockwright/p", Elapsed: 0 },
    { Action: "output", Package: "dockwright/p", Output: "FAIL\n" },
    { Action: "fail", Package: "dockwright/p", Elapsed: 3 },
    { Action: "pass", Package: "dockwright/q" },
  );
  assert.deepEqual(readGo(`# words of the compiler\n${text}\n{"Action":"pa`), {
    tests: [
      { file: "p", name: "A", status: "passed", seconds: 0.5 },
      { file: "p", name: "B", status: "failed", seconds: 2, reason: "p_test.go:4: got 1\n--- FAIL: B\n" },
      { file: "p", name: "C", status: "skipped", seconds: 0 },
    ],
  });
});

test("go: a package that does not build is one failed test, for what the compiler says", () => {
  const build = "dockwright/p [dockwright/p.test]";
  const text = go(
    { Action: "build-output", ImportPath: build, Output: `# ${build}\n` },
    { Action: "build-output", ImportPath: build, Output: "p_test.go:3: undefined: x\n" },
    { Action: "build-output", ImportPath: "dockwright/q", Output: "a warning of another one\n" },
    { Action: "build-fail", ImportPath: build },
    { Action: "output", Package: "dockwright/p", Output: "FAIL\tdockwright/p [build failed]\n" },
    { Action: "fail", Package: "dockwright/p", Elapsed: 0, FailedBuild: build },
  );
  const reason = `# ${build}\np_test.go:3: undefined: x\nFAIL\tdockwright/p [build failed]\n`;
  const tests = [{ file: "p", name: "builds", status: "failed", seconds: 0, reason }];
  assert.deepEqual(readGo(text), { tests });
});

test("go: a package that fails without a failed test is one, also beside tests that passed", () => {
  const text = go(
    { Action: "pass", Test: "A", Package: "p", Elapsed: 1 },
    { Action: "output", Package: "p", Output: "panic: after the tests\n" },
    { Action: "fail", Package: "p", Elapsed: 1 },
  );
  assert.deepEqual(readGo(text).tests, [
    { file: "p", name: "A", status: "passed", seconds: 1 },
    { file: "p", name: "builds", status: "failed", seconds: 1, reason: "panic: after the tests\n" },
  ]);
});

test("go: words alone are no report", () => {
  for (const text of ["", "go: no such module\n", '{"Action":"sta']) assert.throws(() => readGo(text), text);
});

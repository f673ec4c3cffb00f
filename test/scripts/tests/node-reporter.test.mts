import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { readNode, type TestResult } from "../../../scripts/lib/tests/results.mts";
import { file } from "../support/files.mts";

const REPORTER = join(import.meta.dirname, "../../../scripts/lib/tests/node-reporter.mjs");

let dir: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "node-reporter-"));
});

afterEach(() => {
  rmSync(dir, { recursive: true });
});

/** Runs files of tests, each by its name and its body, and gives what is reported of every test. */
function run(
  files: Record<string, string>,
  ...flags: string[]
): { results: readonly TestResult[]; status: number | null } {
  for (const [name, body] of Object.entries(files)) {
    file(join(dir, name), `import { after, before, describe, it, test } from "node:test";\n${body}\n`);
  }
  const env = { ...process.env };
  delete env["NODE_TEST_CONTEXT"]; // within a test, Node would run no tests
  const args = ["--test", `--test-reporter=${REPORTER}`, ...flags, ...Object.keys(files)];
  const { status, stdout } = spawnSync(process.execPath, args, { cwd: dir, encoding: "utf8", env });
  return { results: readNode(stdout).tests, status };
}

const brief = ({ file: from, name, status, reason }: TestResult): string =>
  [`${from}: ${name} ${status}`, ...(reason === undefined ? [] : [reason.split("\n")[0]])].join(", ");

test("a line for each test: passed, failed with its reason, skipped and to do", () => {
  const { results, status } = run({
    "sub/a.test.mjs": `test("passes", () => {});
      test("fails", () => { throw new Error("broke"); });
      test("fails with words", () => { throw "words"; });
      test("is skipped", { skip: true }, () => {});
      test("is skipped for a reason", { skip: "no daemon" }, () => {});
      test("is not skipped", { skip: false }, () => {});
      test("is planned", { todo: true }, () => {});`,
  });
  assert.deepEqual(results.map(brief), [
    "a.test.mjs: passes passed",
    "a.test.mjs: fails failed, Error: broke",
    "a.test.mjs: fails with words failed, words",
    "a.test.mjs: is skipped skipped",
    "a.test.mjs: is skipped for a reason skipped",
    "a.test.mjs: is not skipped passed",
    "a.test.mjs: is planned skipped",
  ]);
  assert.equal(status, 1);
  assert.match(results[1]?.reason ?? "", /\n {4}at .*a\.test\.mjs:3:/);
  for (const { seconds } of results) assert.ok(seconds >= 0 && seconds < 60, String(seconds));
});

test("a test that is still to do does not fail, as for Node", () => {
  const { results, status } = run({
    "a.test.mjs": 'test("is planned", { todo: "later" }, () => { throw new Error(); });',
  });
  assert.deepEqual(results.map(brief), ["a.test.mjs: is planned skipped"]);
  assert.equal(status, 0);
});

test("nested tests count, and suites do not", () => {
  const { results } = run({
    "a.test.mjs": `test("outer", async (t) => { await t.test("inner", () => { throw new Error("broke"); }); });
      describe("suite", () => { it("first", () => {}); describe("deep", () => { it("second", () => { throw "no"; }); }); });`,
  });
  assert.deepEqual(results.map(brief), [
    "a.test.mjs: inner failed, Error: broke",
    "a.test.mjs: outer failed, 1 subtest failed",
    "a.test.mjs: first passed",
    "a.test.mjs: second failed, no",
  ]);
});

test("a suite that fails by itself is a failed test", () => {
  const { results } = run({
    "a.test.mjs": `describe("cleans up", () => { after(() => { throw new Error("after broke"); }); it("passes", () => {}); });
      describe("prepares", () => { before(() => { throw new Error("before broke"); }); it("never runs", () => {}); });
      describe("declares", () => { throw new Error("body broke"); });`,
  });
  assert.deepEqual(results.map(brief), [
    "a.test.mjs: passes passed",
    "a.test.mjs: cleans up failed, Error: after broke",
    "a.test.mjs: never runs failed, test did not finish before its parent and was cancelled",
    "a.test.mjs: prepares failed, Error: before broke",
    "a.test.mjs: declares failed, Error: body broke",
  ]);
});

test("a file that does not load is one failed test, for what it printed", () => {
  const { results } = run({
    "a.test.mjs": 'throw new Error("broke at load");',
    "b.test.mjs": 'test("passes", () => {});',
  });
  assert.deepEqual(
    results.map(({ file: from, name, status }) => `${from}: ${name} ${status}`),
    ["a.test.mjs: loads failed", "b.test.mjs: passes passed"],
  );
  assert.match(results[0]?.reason ?? "", /^Error: broke at load$/m);
});

test("a file that ends without a word is one failed test", () => {
  const { results } = run({ "a.test.mjs": "process.exit(3);" });
  assert.deepEqual(results.map(brief), ["a.test.mjs: loads failed, test failed"]);
});

test("a file in which no test is asked for counts none", () => {
  const files = {
    "a.test.mjs": 'test("other", () => {});',
    "b.test.mjs": 'test("wanted", () => {});',
    "c.test.mjs": "",
  };
  const { results, status } = run(files, "--test-name-pattern=wanted");
  assert.deepEqual(results.map(brief), ["b.test.mjs: wanted passed"]);
  assert.equal(status, 0);
});

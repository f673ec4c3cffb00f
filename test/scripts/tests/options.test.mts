import assert from "node:assert/strict";
import { test } from "node:test";
import { UserError } from "../../../scripts/lib/run.mts";
import { readOptions } from "../../../scripts/lib/tests/options.mts";

const LARGEST = 2_147_483_647;

/** Asserts that the command line is the user's mistake. */
function expectRefusal(args: readonly string[], seed: string | undefined, message: string | RegExp): void {
  assert.throws(
    () => readOptions(args, seed),
    (error) => {
      assert.ok(error instanceof UserError);
      if (typeof message === "string") assert.equal(error.message, message);
      else assert.match(error.message, message);
      return true;
    },
  );
}

test("flags and patterns, in any order", () => {
  assert.deepEqual(readOptions([], "1"), { full: false, changed: false, patterns: [], seed: 1 });
  assert.deepEqual(readOptions(["--full", "--changed"], "1"), { full: true, changed: true, patterns: [], seed: 1 });
  const { full, patterns } = readOptions(["unit", "--full", "a test's name"], "1");
  assert.equal(full, true);
  assert.deepEqual(patterns, ["unit", "a test's name"]);
  assert.deepEqual(readOptions(["--", "--full"], "1").patterns, ["--full"]);
});

test("--changed and patterns exclude one another", () => {
  expectRefusal(["--changed", "unit"], "1", "test takes --changed or patterns, got both");
});

test("an unknown option and a value of a flag are refused", () => {
  expectRefusal(["--quick"], "1", /^test: Unknown option '--quick'/);
  expectRefusal(["--full=yes"], "1", /^test: Option '--full' does not take an argument/);
});

test("the seed is a whole number", () => {
  assert.equal(readOptions([], "0").seed, 0);
  assert.equal(readOptions([], "042").seed, 42);
  assert.equal(readOptions([], String(LARGEST)).seed, LARGEST);
  for (const bad of ["-1", "1.5", "1e3", "0x10", " 1", "word", String(LARGEST + 1)]) {
    expectRefusal([], bad, `DOCKWRIGHT_TEST_SEED: want a whole number from 0 to ${LARGEST}, got ${bad}`);
  }
});

test("without a seed one is made up, which can be given again", () => {
  for (const none of [undefined, ""]) {
    const { seed } = readOptions([], none);
    assert.equal(readOptions([], String(seed)).seed, seed);
  }
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { UserError } from "../../../scripts/lib/run.mts";
import { readOptions } from "../../../scripts/lib/tests/options.mts";

/** Asserts that the command line is the user's mistake. */
function expectRefusal(args: readonly string[], message: RegExp): void {
  assert.throws(
    () => readOptions(args),
    (error) => {
      assert.ok(error instanceof UserError);
      assert.match(error.message, message);
      return true;
    },
  );
}

test("flags and patterns, in any order", () => {
  assert.deepEqual(readOptions([]), { full: false, changed: false, patterns: [] });
  assert.deepEqual(readOptions(["--full", "--changed"]), { full: true, changed: true, patterns: [] });
  const { full, patterns } = readOptions(["unit", "--full", "a test's name"]);
  assert.equal(full, true);
  assert.deepEqual(patterns, ["unit", "a test's name"]);
  assert.deepEqual(readOptions(["--", "--full"]).patterns, ["--full"]);
});

test("--changed and patterns exclude one another", () => {
  expectRefusal(["--changed", "unit"], /^test takes --changed or patterns, got both$/);
});

test("an unknown option and a value of a flag are refused", () => {
  expectRefusal(["--quick"], /^test: Unknown option '--quick'/);
  expectRefusal(["--full=yes"], /^test: Option '--full' does not take an argument/);
});

// Shell scripts that run on a user's machine, which may be a stock macOS. Those that run inside containers are bound to
// their images instead.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { findIn, RULES } from "./support/portability-rules.mts";

const ROOT = join(import.meta.dirname, "..", "..");

const scriptsIn = (folder: string): string[] =>
  readdirSync(join(ROOT, folder))
    .filter((name) => name.endsWith(".sh"))
    .map((name) => join(folder, name));

const FILES = [
  "dev",
  ".ci/run",
  ...["scripts/lib", "engine", "images", "components/platform/scripts"].flatMap(scriptsIn),
];

test("every rule finds what it is for and nothing else", () => {
  const ofRule = (text: string, what: string) => findIn(text).some(({ rule }) => rule.what === what);
  for (const { what, bad, good } of RULES) {
    assert.ok(ofRule(bad, what), `${what} is not found in: ${bad}`);
    assert.ok(!ofRule(good, what), `${what} is found in: ${good}`);
  }
});

test("the user's shell scripts use nothing that a stock macOS lacks", () => {
  assert.ok(FILES.length > 15, FILES.join(" "));
  const problems = FILES.flatMap((file) =>
    findIn(readFileSync(join(ROOT, file), "utf8")).map(
      ({ line, rule }) => `${file}:${line}: ${rule.what}; use ${rule.instead}`,
    ),
  );
  assert.deepEqual(problems, []);
});

test("every script names bash by env or is sourced, and parses", () => {
  for (const file of FILES) {
    const [first = ""] = readFileSync(join(ROOT, file), "utf8").split("\n");
    assert.match(first, /^#!\/(usr\/bin\/env (bash|sh)|bin\/(bash|sh))$|^# /, file);
    execFileSync("bash", ["-n", join(ROOT, file)]);
  }
});

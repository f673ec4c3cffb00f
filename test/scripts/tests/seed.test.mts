import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { UserError } from "../../../scripts/lib/run.mts";
import { countSeed, givenSeed } from "../../../scripts/lib/tests/seed.mts";
import { file } from "../support/files.mts";

const LARGEST = 2_147_483_647;

let dir: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "seed-"));
});

afterEach(() => {
  rmSync(dir, { recursive: true });
});

test("a seed that is given is a whole number", () => {
  const given = (seed: string) => givenSeed({ DOCKWRIGHT_TEST_SEED: seed, GITHUB_RUN_NUMBER: "7" });
  assert.equal(given("0"), 0);
  assert.equal(given("042"), 42);
  assert.equal(given(String(LARGEST)), LARGEST);
  for (const bad of ["-1", "1.5", "1e3", "0x10", " 1", "word", String(LARGEST + 1)]) {
    const message = `DOCKWRIGHT_TEST_SEED: want a whole number from 0 to ${LARGEST}, got ${bad}`;
    assert.throws(
      () => given(bad),
      (error) => error instanceof UserError && error.message === message,
    );
  }
});

test("without one it is the number of the run on GitHub, if there is any", () => {
  assert.equal(givenSeed({ GITHUB_RUN_NUMBER: "7" }), 7);
  assert.equal(givenSeed({ DOCKWRIGHT_TEST_SEED: "", GITHUB_RUN_NUMBER: "7" }), 7);
  for (const none of [undefined, "", "word", String(LARGEST + 1)]) {
    assert.equal(givenSeed({ GITHUB_RUN_NUMBER: none }), undefined);
  }
});

test("runs that draw cases have numbers in a row, others use up none", () => {
  const env = { DOCKWRIGHT_CACHE_DIR: join(dir, "cache") };
  const seeds = [false, true, false, true, true, false].map((draws) => countSeed(env, draws));
  assert.deepEqual(seeds, [0, 1, 1, 2, 3, 3]);
  assert.deepEqual(readdirSync(join(dir, "cache")), ["test-seed"]);
  assert.equal(readFileSync(join(dir, "cache", "test-seed"), "utf8"), "3\n");
});

test("the number lies in the user's cache, wherever that is", () => {
  const home = process.env["HOME"];
  try {
    process.env["HOME"] = dir;
    countSeed({}, true);
    countSeed({ DOCKWRIGHT_CACHE_DIR: "", XDG_CACHE_HOME: "" }, true);
    assert.equal(readFileSync(join(dir, ".cache", "dockwright", "test-seed"), "utf8"), "2\n");
    countSeed({ XDG_CACHE_HOME: join(dir, "xdg") }, true);
    assert.equal(readFileSync(join(dir, "xdg", "dockwright", "test-seed"), "utf8"), "1\n");
  } finally {
    process.env["HOME"] = home;
  }
});

test("after the largest number, and where there is none, counting begins anew", () => {
  const env = { DOCKWRIGHT_CACHE_DIR: dir };
  const seedAfter = (text: string) => {
    file(join(dir, "test-seed"), text);
    return countSeed(env, true);
  };
  assert.equal(seedAfter(`${LARGEST}\n`), 0);
  for (const text of ["", "word\n", "-1\n", `${LARGEST + 1}\n`]) assert.equal(seedAfter(text), 1, text);
});

test("where nothing can be written the number is random", () => {
  file(join(dir, "cache"), "");
  mkdirSync(join(dir, "other", "test-seed"), { recursive: true });
  for (const folder of ["cache", "other"]) {
    const seeds = Array.from({ length: 20 }, () => countSeed({ DOCKWRIGHT_CACHE_DIR: join(dir, folder) }, true));
    assert.ok(new Set(seeds).size > 10, seeds.join(" "));
    for (const seed of seeds) assert.equal(givenSeed({ DOCKWRIGHT_TEST_SEED: String(seed) }), seed);
  }
});

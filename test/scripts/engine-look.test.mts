// engine/look.sh against engine/ensure.sh, with caches of their own and no network.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";

const ENGINE = join(import.meta.dirname, "..", "..", "engine");
let dir: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "look-"));
});

afterEach(() => {
  rmSync(dir, { recursive: true });
});

function run(script: "look.sh" | "ensure.sh", env: Record<string, string> = {}) {
  const done = spawnSync("/bin/bash", [join(ENGINE, script)], {
    encoding: "utf8",
    env: {
      PATH: process.env["PATH"],
      HOME: dir,
      DOCKWRIGHT_CACHE_DIR: join(dir, "cache"),
      DOCKWRIGHT_PULUMI_RELEASES_URL: "file:///nowhere",
      ...env,
    },
  });
  return { status: done.status, out: done.stdout, err: done.stderr };
}

test("an engine that ensure.sh would use is found, and nothing else is", () => {
  const official = { DOCKWRIGHT_ENGINE: "official" };
  assert.equal(run("ensure.sh", official).status, 1); // leaves a log that is named like the engine
  const cache = join(dir, "cache", "engine");
  const name =
    readdirSync(cache)
      .find((file) => file.endsWith(".log"))
      ?.replace(".log", "") ?? "";
  assert.equal(run("look.sh", official).out, "official\n");

  const home = join(cache, name);
  mkdirSync(join(home, "bin"), { recursive: true });
  writeFileSync(join(home, "bin", "pulumi"), "");
  chmodSync(join(home, "bin", "pulumi"), 0o755);
  writeFileSync(join(home, ".ready"), "official\n");
  for (const env of [official, {}]) {
    assert.deepEqual(run("look.sh", env), { status: 0, out: `${home}\n`, err: "" });
    assert.equal(run("ensure.sh", env).out, `${home}\n`);
  }
});

test("without one it says how it would be made, and makes nothing", (context) => {
  assert.equal(run("look.sh", { DOCKWRIGHT_ENGINE: "official" }).out, "official\n");
  assert.ok(!existsSync(join(dir, "cache")));
  if (spawnSync("go", ["version"]).status !== 0) return context.skip("there is no Go here");
  assert.equal(run("look.sh").out, "built\n");
  assert.ok(!existsSync(join(dir, "cache")));
});

test("why it could not be made: no Go, or a wish that is none", () => {
  const bin = join(dir, "bin");
  mkdirSync(bin);
  const tools = ["bash", "cat", "cut", "dirname", "find", "sed", "sha256sum", "shasum", "sort", "tr", "uname"];
  for (const tool of tools) {
    const where = spawnSync("sh", ["-c", `command -v ${tool}`], { encoding: "utf8" }).stdout.trim();
    if (where) symlinkSync(where, join(bin, tool));
  }
  const noGo = run("look.sh", { PATH: bin });
  assert.equal(noGo.status, 1);
  assert.match(noGo.err, /^engine: building Pulumi needs Go .*there is none on PATH/);
  assert.equal(noGo.out, "");
  assert.match(
    run("look.sh", { DOCKWRIGHT_ENGINE: "x" }).err,
    /^engine: DOCKWRIGHT_ENGINE: want official or built, got x\n$/,
  );
});

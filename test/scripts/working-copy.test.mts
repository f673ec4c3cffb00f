import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { parse, stringify } from "yaml";
import { ensurePassphrase } from "../../scripts/lib/project.mts";
import { syncWorkingCopy, type WorkingCopy } from "../../scripts/lib/working-copy.mts";

let dir: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "working-copy-"));
});

afterEach(() => {
  rmSync(dir, { recursive: true });
});

const copy = (): string => join(dir, ".dockwright", "Pulumi.dev.yaml");
const salt = (): string => join(dir, "data", "dev.salt");

function commit(content: unknown): void {
  writeFileSync(join(dir, "Pulumi.dev.yaml"), stringify(content));
}

function edit(content: unknown): void {
  writeFileSync(copy(), stringify(content));
}

function sync(passphraseIsNew = false): WorkingCopy {
  return syncWorkingCopy({ projectDir: dir, stack: "dev", saltFile: salt(), passphraseIsNew });
}

test("the first copy equals the committed file", () => {
  commit({ config: { "p:edge": { httpPort: 8080 } } });
  assert.equal(sync().file, copy());
  assert.deepEqual(parse(readFileSync(copy(), "utf8")), { config: { "p:edge": { httpPort: 8080 } } });
});

test("a local edit survives a committed change, and the change arrives", () => {
  commit({ config: { "p:a": 1, "p:b": 1 } });
  sync();
  edit({ config: { "p:a": 9, "p:b": 1 } });
  commit({ config: { "p:a": 1, "p:b": 2 } });
  assert.deepEqual(sync().content, { config: { "p:a": 9, "p:b": 2 } });
  assert.deepEqual(sync().content, { config: { "p:a": 9, "p:b": 2 } }, "and again");
});

test("a conflict is told once", () => {
  commit({ config: { "p:a": 1 } });
  sync();
  edit({ config: { "p:a": 2 } });
  commit({ config: { "p:a": 3 } });
  assert.match(sync().notes.join(), /kept your local config\.p:a/);
  assert.deepEqual(sync().notes, []);
});

test("an unchanged sync writes nothing", () => {
  commit({ config: {} });
  sync();
  const before = statSync(copy()).mtimeMs;
  sync();
  assert.equal(statSync(copy()).mtimeMs, before);
});

test("the salt moves to the data folder, and a second clone gets it", () => {
  commit({ config: {} });
  sync();
  edit({ config: {}, encryptionsalt: "v1:salt" });
  sync();
  assert.equal(readFileSync(salt(), "utf8"), "v1:salt\n");
  assert.equal(statSync(salt()).mode & 0o777, 0o600);
  rmSync(join(dir, ".dockwright"), { recursive: true });
  assert.equal(sync().content["encryptionsalt"], "v1:salt");
});

test("with a new passphrase the old salt and what it encrypted go", () => {
  commit({ config: {} });
  sync();
  edit({ config: { "p:token": { secure: "x" }, "p:a": 1 }, encryptionsalt: "v1:old" });
  const { content, notes } = sync(true);
  assert.deepEqual(content, { config: { "p:a": 1 } });
  assert.match(notes.join(), /removed config\.p:token/);
});

test("the passphrase is made once and for its owner only", () => {
  const file = join(dir, "data", "passphrase");
  assert.equal(ensurePassphrase(file), true);
  const made = readFileSync(file, "utf8");
  assert.ok(made.length >= 40);
  assert.equal(statSync(file).mode & 0o777, 0o600);
  assert.equal(ensurePassphrase(file), false);
  assert.equal(readFileSync(file, "utf8"), made);
  assert.ok(!existsSync(`${file}.${process.pid}.tmp`));
});

// What has changed, in a repository of its own, with the real jest.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, realpathSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { changedFiles, relatedE2eFiles } from "../../../scripts/lib/tests/changed.mts";
import { file } from "../support/files.mts";

const REPOSITORY = join(import.meta.dirname, "../../..");

let dir: string;

function git(...args: string[]): void {
  const settings = ["-c", "user.name=test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false"];
  execFileSync("git", [...settings, ...args], { cwd: dir, stdio: "pipe" });
}

function commit(): void {
  git("add", "--all");
  git("commit", "--quiet", "--message", "A change");
}

const write = (path: string, text = path): void => {
  file(join(dir, path), text);
};

beforeEach(() => {
  dir = realpathSync(mkdtempSync(join(tmpdir(), "changed-")));
  git("init", "--quiet", "--initial-branch", "main");
  for (const path of ["edited", "kept", "moved", "removed", "staged"]) write(path);
  write(".gitignore", "ignored\nnode_modules\n");
  commit();
});

afterEach(() => {
  rmSync(dir, { recursive: true });
});

test("on main: what is not committed, what is new, and what is gone", () => {
  assert.deepEqual(changedFiles(dir), []);
  write("edited", "otherwise");
  write("staged", "otherwise");
  git("add", "staged");
  write("folder/new");
  write("ignored");
  rmSync(join(dir, "removed"));
  assert.deepEqual(changedFiles(dir), ["edited", "folder/new", "removed", "staged"]);
});

test("on a branch: also what it has committed, and nothing that main did since", () => {
  git("switch", "--quiet", "--create", "branch");
  write("committed");
  commit();
  git("switch", "--quiet", "main");
  write("kept", "by main");
  commit();
  git("switch", "--quiet", "branch");
  write("edited", "otherwise");
  assert.deepEqual(changedFiles(dir), ["committed", "edited"]);
});

test("a file that was moved has changed at both places", () => {
  renameSync(join(dir, "moved"), join(dir, "here"));
  git("add", "--all");
  assert.deepEqual(changedFiles(dir), ["here", "moved"]);
});

test("the main of the origin comes before the own one", () => {
  git("update-ref", "refs/remotes/origin/main", "main");
  write("committed");
  commit();
  assert.deepEqual(changedFiles(dir), ["committed"]);
});

test("without a main, what is not committed", () => {
  git("branch", "--move", "trunk");
  write("edited", "otherwise");
  assert.deepEqual(changedFiles(dir), ["edited"]);
});

test("e2e files that are among the changes or import one of them, also by way of others", () => {
  const project = (name: string, folder: string) => ({
    displayName: name,
    testMatch: [`<rootDir>/${folder}/*.test.js`],
  });
  const projects = [project("unit", "test"), project("e2e", "test/e2e")];
  write("package.json", JSON.stringify({ jest: { projects } }));
  symlinkSync(join(REPOSITORY, "node_modules"), join(dir, "node_modules"));
  write("lib/deep.ts", "");
  write("lib/near.js", 'require("./deep.ts");');
  write("test/unit.test.js", 'require("../lib/near");');
  write("test/e2e/a.test.js", 'require("../../lib/near");');
  write("test/e2e/b.test.js", "");
  assert.deepEqual(relatedE2eFiles(dir, ["lib/deep.ts", "lib/gone.ts", "README.md"]), ["test/e2e/a.test.js"]);
  assert.deepEqual(relatedE2eFiles(dir, ["lib/gone.ts"]), []);
  assert.deepEqual(relatedE2eFiles(dir, ["README.md"]), []);
});

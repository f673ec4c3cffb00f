// What has changed, in a repository of its own, with the real jest.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, realpathSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { UserError } from "../../../scripts/lib/run.mts";
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

test("names in any language, and with quotes", () => {
  for (const path of ["räder/é.md", 'a "b".md', "ünused\tx"]) write(path);
  git("add", "räder");
  assert.deepEqual(changedFiles(dir), ['a "b".md', "räder/é.md", "ünused\tx"]);
});

test("without a main there is nothing to compare with", () => {
  git("branch", "--move", "trunk");
  git("tag", "main");
  assert.throws(
    () => changedFiles(dir),
    (error) => error instanceof UserError && /neither a branch main nor origin\/main/.test(error.message),
  );
});

test("where git does not answer it says why", () => {
  rmSync(join(dir, ".git"), { recursive: true });
  write(".git", "");
  assert.throws(
    () => changedFiles(dir),
    (error) => error instanceof UserError && /invalid gitfile/.test(error.message),
  );
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
  const related = (...changed: string[]) => relatedE2eFiles(dir, changed, []);
  assert.deepEqual(related("lib/deep.ts", "lib/gone.ts", "README.md"), ["test/e2e/a.test.js"]);
  assert.deepEqual(related("lib/gone.ts"), []);
  assert.deepEqual(related("README.md"), []);
});

test("what lies among the e2e tests and no import leads to concerns all of them", () => {
  const all = ["test/e2e/a.test.ts", "test/e2e/b.test.ts"];
  write("test/e2e/programs/slow/index.ts");
  write("test/e2e/foreign/Dockerfile");
  for (const path of ["foreign/Dockerfile", "support/gone.ts", "programs/slow/index.ts", "a\nb.sh"]) {
    assert.deepEqual(relatedE2eFiles(dir, ["README.md", `test/e2e/${path}`], all), all, path);
  }
  assert.deepEqual(relatedE2eFiles(dir, ["test/e2e.md", "docs/test/e2e/x.md"], all), []);
});

import assert from "node:assert/strict";
import { mkdtempSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { UserError } from "../../../scripts/lib/run.mts";
import {
  chooseByChange,
  chooseByPatterns,
  readPatterns,
  refuseLeftOut,
  splitByTools,
} from "../../../scripts/lib/tests/choose.mts";
import type { E2eFile } from "../../../scripts/lib/tests/e2e-files.mts";
import type { Chosen, Suite } from "../../../scripts/lib/tests/suites.mts";
import { file } from "../support/files.mts";

const suite = (name: string, more: Partial<Suite>): Suite => ({
  name,
  runner: "jest",
  command: [],
  covers: [],
  ...more,
});

const types = suite("types", { runner: "plain", covers: ["components/"] });
const unit = suite("unit", {
  files: ["test/edge/tls.test.ts", "test/leaks.test.ts"],
  covers: ["components/", "docs/"],
});
const scripts = suite("scripts", {
  runner: "node",
  files: ["test/scripts/dev.test.mts", "test/scripts/doctor.test.mts"],
  covers: ["scripts/", "dev"],
});
const engine = suite("engine", { runner: "go", covers: ["engine/"], tool: { command: "go", name: "Go" } });
const sampleApp = suite("sample-app", {
  runner: "node",
  folder: "examples/sample-app",
  files: ["examples/sample-app/test/page.test.ts"],
  covers: ["examples/sample-app/"],
});
const e2e = suite("e2e", {
  files: ["test/e2e/docs.test.ts", "test/e2e/tls.test.ts"],
  covers: ["components/", "scripts/"],
  e2e: "beside others",
});
const e2eAlone = suite("e2e-alone", { files: ["test/e2e/calm.test.ts"], e2e: "alone" });
const SUITES = [types, unit, scripts, engine, sampleApp, e2e, e2eAlone];

let root: string;

before(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), "choose-")));
  for (const { files = [] } of SUITES) for (const path of files) file(join(root, path), "");
  for (const path of ["dev", "README.md", "docs/tls.md", "test/e2e/support/project.ts"]) file(join(root, path), "");
});

after(() => {
  rmSync(root, { recursive: true });
});

const read = (...patterns: string[]) => readPatterns(root, SUITES, patterns);
const choose = (...patterns: string[]): Chosen[] => chooseByPatterns(SUITES, read(...patterns));

const isRefusal = (message: string) => (error: unknown) => {
  assert.ok(error instanceof UserError);
  assert.equal(error.message, message);
  return true;
};

test("a pattern that is a suite's name means all of the suite, in the order of the suites", () => {
  assert.deepEqual(choose("e2e", "types"), [{ suite: types }, { suite: e2e }, { suite: e2eAlone }]);
  assert.deepEqual(choose("e2e-alone", "Types"), [{ suite: types }, { suite: e2eAlone }]);
  assert.deepEqual(choose("E2E"), [{ suite: e2e }, { suite: e2eAlone }]);
});

test("a part of a path means those files, of whatever suites", () => {
  const tls = [
    { suite: unit, files: ["test/edge/tls.test.ts"] },
    { suite: e2e, files: ["test/e2e/tls.test.ts"] },
  ];
  assert.deepEqual(choose("tls"), tls);
  assert.deepEqual(choose("TLS.test"), tls);
  assert.deepEqual(choose("test/edge/", "/tls"), tls);
});

test("a path may begin with ./, or be absolute", () => {
  const leaks = [{ suite: unit, files: ["test/leaks.test.ts"] }];
  assert.deepEqual(choose("./test/leaks.test.ts"), leaks);
  assert.deepEqual(choose("././test/leaks"), leaks);
  assert.deepEqual(choose(join(root, "test/leaks.test.ts")), leaks);
  assert.deepEqual(choose(join(root, "test/leaks")), leaks);
  assert.deepEqual(choose(join(root, "test/edge/")), [{ suite: unit, files: ["test/edge/tls.test.ts"] }]);
  assert.deepEqual(choose(`../${root.split("/").at(-1)}/test/leaks.test.ts`), leaks);
});

test("an absolute path may lead through a link", () => {
  const link = `${root}-link`;
  symlinkSync(root, link);
  try {
    assert.deepEqual(choose(join(link, "test/leaks.test.ts")), [{ suite: unit, files: ["test/leaks.test.ts"] }]);
  } finally {
    rmSync(link);
  }
});

test("suites and paths are added up, and no file runs twice", () => {
  assert.deepEqual(choose("unit", "leaks", "docs.test"), [
    { suite: unit },
    { suite: e2e, files: ["test/e2e/docs.test.ts"] },
  ]);
});

test("any other pattern is a part of tests' names, searched wherever tests have names", () => {
  const names = ["keeps a key", "./dev up drains", "/metrics"];
  assert.deepEqual(
    choose(...names),
    [unit, scripts, sampleApp, e2e, e2eAlone].map((each) => ({ suite: each, names })),
  );
});

test("beside suites and paths, names of tests are searched in those alone", () => {
  assert.deepEqual(choose("keeps a key", "types", "scripts", "leaks"), [
    { suite: unit, files: ["test/leaks.test.ts"], names: ["keeps a key"] },
    { suite: scripts, names: ["keeps a key"] },
  ]);
  assert.deepEqual(choose("keeps a key", "engine"), []);
});

test("what a pattern is can be told apart", () => {
  assert.deepEqual(read("keeps a key", "Unit", "./test/leaks", "drains"), {
    suites: ["Unit"],
    paths: ["test/leaks"],
    names: ["keeps a key", "drains"],
  });
});

test("a path of anything but tests is refused", () => {
  const paths = [
    "README.md",
    "./README.md",
    join(root, "docs/tls.md"),
    "test/e2e/support/project.ts",
    ".",
    "./",
    root,
    "..",
  ];
  for (const path of paths) {
    assert.throws(() => read("unit", path), isRefusal(`${path} is no file of tests, and no folder of them`));
  }
});

test("a path that is also a part of a path of tests means those", () => {
  assert.deepEqual(choose("dev"), [{ suite: scripts, files: ["test/scripts/dev.test.mts"] }]);
});

test("an empty pattern is refused", () => {
  for (const empty of ["", " "]) assert.throws(() => read("unit", empty), isRefusal("test: a pattern is empty"));
});

const E2E_FILES: E2eFile[] = [
  { file: "docs.test.ts", runs: "beside others", covers: ["docs/", "README.md"] },
  { file: "tls.test.ts", runs: "beside others" },
];

function change(changed: readonly string[], related: readonly string[] = [], e2eFiles = E2E_FILES): Chosen[] {
  return chooseByChange([types, unit, scripts, engine, sampleApp, e2e], e2eFiles, { changed, related });
}

test("a change chooses the suites that cover it", () => {
  assert.deepEqual(change(["docs/testing.md"]), [{ suite: unit }, { suite: e2e, files: ["test/e2e/docs.test.ts"] }]);
  assert.deepEqual(change(["engine/main.go"]), [{ suite: engine }]);
  assert.deepEqual(change(["LICENSE", "a/docs/x.md"]), []);
  assert.deepEqual(change([]), []);
});

test("an e2e file without a list covers what its suite covers; one with a list covers that alone", () => {
  assert.deepEqual(change(["scripts/doctor.mts"]), [
    { suite: scripts },
    { suite: e2e, files: ["test/e2e/tls.test.ts"] },
  ]);
});

test("the word product in a list is what the suite covers", () => {
  const files: E2eFile[] = [{ file: "docs.test.ts", runs: "beside others", covers: ["product", "docs/"] }];
  const both = [{ suite: scripts }, { suite: e2e, files: ["test/e2e/docs.test.ts", "test/e2e/tls.test.ts"] }];
  assert.deepEqual(change(["scripts/doctor.mts"], [], files), both);
  assert.deepEqual(change(["docs/testing.md"], [], files).at(-1), { suite: e2e, files: ["test/e2e/docs.test.ts"] });
  assert.deepEqual(change(["product/x.md"], [], files), []);
});

test("an e2e file that imports what has changed, or has changed itself, is chosen whatever it covers", () => {
  const related = ["test/e2e/docs.test.ts"];
  assert.deepEqual(change(["test/support/docs.ts"], related), [{ suite: e2e, files: related }]);
});

test("a suite whose tool is missing is left out, for that reason", () => {
  const all = [{ suite: unit }, { suite: engine }];
  const asked: string[] = [];
  const has = (command: string) => asked.push(command) === 0;
  assert.deepEqual(splitByTools(all, has), {
    chosen: [{ suite: unit }],
    leftOut: [{ name: "engine", reason: "Go is not installed here" }],
  });
  assert.deepEqual([...new Set(asked)], ["go"]);
  assert.deepEqual(
    splitByTools(all, () => true),
    { chosen: all, leftOut: [] },
  );
});

test("a suite that was asked for is not left out in silence", () => {
  refuseLeftOut([]);
  const { leftOut } = splitByTools(choose("engine"), () => false);
  assert.throws(() => {
    refuseLeftOut(leftOut);
  }, isRefusal("the suite engine cannot run: Go is not installed here"));
});

import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join, relative } from "node:path";
import { test } from "node:test";
import { readE2eFiles } from "../../../scripts/lib/tests/e2e-files.mts";
import { type Chosen, commandOf, type Suite, suitesOf } from "../../../scripts/lib/tests/suites.mts";

const ROOT = join(import.meta.dirname, "../../..");

const unit: Suite = {
  name: "unit",
  runner: "jest",
  command: ["jest", "--selectProjects", "unit"],
  files: ["test/edge/tls.test.ts", "test/leaks.test.ts"],
  covers: [],
};
const scripts: Suite = {
  name: "scripts",
  runner: "node",
  command: ["node", "--test"],
  files: ["test/scripts/doctor.test.mts"],
  covers: [],
};
const sampleApp: Suite = {
  name: "sample-app",
  runner: "node",
  command: ["node", "--test"],
  folder: "examples/sample-app",
  files: ["examples/sample-app/test/page.test.ts"],
  covers: [],
};

const command = (chosen: Chosen): string[] => commandOf(chosen, "/results/a.report", "/lib/reporter.mjs");
const REPORTERS = [
  "--test-reporter=spec",
  "--test-reporter-destination=stdout",
  "--test-reporter=/lib/reporter.mjs",
  "--test-reporter-destination=/results/a.report",
];
const NAMES = ["a (b)", "c.d*", "e/f|g", "[h] {i}", "^j$ k+?", "l\\m"];
const PATTERN = "a \\(b\\)|c\\.d\\*|e/f\\|g|\\[h\\] \\{i\\}|\\^j\\$ k\\+\\?|l\\\\m";

test("jest: its report, its files and names of tests", () => {
  const report = ["--json", "--outputFile=/results/a.report"];
  assert.deepEqual(command({ suite: unit }), [
    "jest",
    "--selectProjects",
    "unit",
    ...report,
    "--runTestsByPath",
    "test/edge/tls.test.ts",
    "test/leaks.test.ts",
  ]);
  assert.deepEqual(command({ suite: unit, files: ["test/leaks.test.ts"], names: NAMES }), [
    "jest",
    "--selectProjects",
    "unit",
    ...report,
    "--testNamePattern",
    PATTERN,
    "--runTestsByPath",
    "test/leaks.test.ts",
  ]);
});

test("node: its reporters, its files and names of tests", () => {
  assert.deepEqual(command({ suite: scripts }), ["node", "--test", ...REPORTERS, "test/scripts/doctor.test.mts"]);
  assert.deepEqual(command({ suite: scripts, names: NAMES }), [
    "node",
    "--test",
    ...REPORTERS,
    `--test-name-pattern=/${PATTERN}/i`,
    "test/scripts/doctor.test.mts",
  ]);
});

test("files of a suite with a folder are given from there", () => {
  const words = ["node", "--test", ...REPORTERS, "test/page.test.ts"];
  assert.deepEqual(command({ suite: sampleApp }), words);
  assert.deepEqual(command({ suite: sampleApp, files: sampleApp.files ?? [] }), words);
});

test("go and plain suites run as they are", () => {
  for (const runner of ["go", "plain"] as const) {
    const suite: Suite = { name: "some", runner, command: ["engine/test.sh", "-json"], covers: [] };
    assert.deepEqual(command({ suite }), suite.command);
  }
});

const suitesHere = (): Suite[] => suitesOf(ROOT, readE2eFiles(join(ROOT, "test/e2e")));

/** Every file of tests below a folder, from the top. */
function testFilesBelow(folder: string): string[] {
  const entries = readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && /\.test\.m?ts$/.test(entry.name));
  return files.map(({ parentPath, name }) => relative(ROOT, join(parentPath, name)));
}

test("every file of tests of this repository belongs to one suite", () => {
  const files = suitesHere().flatMap((suite) => suite.files ?? []);
  const wanted = [...testFilesBelow("test"), ...testFilesBelow("examples/sample-app/test")];
  assert.deepEqual(files.sort(), wanted.sort());
});

test("every suite has a name, and those that not every machine can run say what they need", () => {
  const all = ["types", "unit", "scripts", "shellcheck", "engine", "sample-app", "e2e", "e2e-alone"];
  const tools = suitesHere().flatMap(({ name, tool }) => (tool ? [`${name}: ${tool.command}, ${tool.name}`] : []));
  assert.deepEqual(
    suitesHere().map(({ name }) => name),
    all,
  );
  assert.deepEqual(tools, ["shellcheck: shellcheck, shellcheck", "engine: go, Go"]);
});

const concernedBy = (file: string): string[] =>
  suitesHere()
    .filter(({ covers }) => covers.some((start) => file.startsWith(start)))
    .map(({ name }) => name);

test("what the compiler is told concerns what compiles and what runs, rules of style concern what checks types", () => {
  const all = ["types", "unit", "scripts", "shellcheck", "e2e", "e2e-alone"];
  assert.deepEqual(concernedBy("tsconfig.json"), all);
  assert.deepEqual(concernedBy("tsconfig.build.json"), all);
  assert.deepEqual(concernedBy("scripts/tsconfig.json"), all);
  assert.deepEqual(concernedBy("eslint.config.mjs"), ["types"]);
});

import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join, relative } from "node:path";
import { test } from "node:test";
import { type E2eFile, readE2eFiles } from "../../../scripts/lib/tests/e2e-files.mts";
import {
  type Change,
  type Chosen,
  chooseByChange,
  chooseByPatterns,
  commandOf,
  type Suite,
  suitesOf,
} from "../../../scripts/lib/tests/suites.mts";

const ROOT = join(import.meta.dirname, "../../..");
const ALL_TOOLS = { shellcheck: true, go: true };

const types: Suite = { name: "types", runner: "plain", command: ["npm", "run", "typecheck"], covers: ["components/"] };
const unit: Suite = {
  ...{ name: "unit", runner: "jest", command: ["jest", "--selectProjects", "unit"] },
  ...{ files: ["test/edge/tls.test.ts", "test/leaks.test.ts"], covers: ["components/", "docs/"] },
};
const scripts: Suite = {
  ...{ name: "scripts", runner: "node", command: ["node", "--test"] },
  ...{ files: ["test/scripts/doctor.test.mts"], covers: ["scripts/", "dev"] },
};
const engine: Suite = { name: "engine", runner: "go", command: ["engine/test.sh", "-json"], covers: ["engine/"] };
const sampleApp: Suite = {
  ...{ name: "sample-app", runner: "node", command: ["node", "--test"], folder: "examples/sample-app" },
  ...{ files: ["examples/sample-app/test/page.test.ts"], covers: ["examples/sample-app/"] },
};
const e2e: Suite = {
  ...{ name: "e2e", runner: "jest", command: ["jest", "--selectProjects", "e2e"], e2e: "beside others" },
  ...{ files: ["test/e2e/docs.test.ts", "test/e2e/tls.test.ts"], covers: ["components/", "scripts/"] },
};
const SUITES = [types, unit, scripts, engine, sampleApp, e2e];

const choose = (...patterns: string[]): Chosen[] => chooseByPatterns(SUITES, patterns);

test("a pattern that is a suite's name means all of the suite, in the order of the suites", () => {
  assert.deepEqual(choose("e2e", "types"), [{ suite: types }, { suite: e2e }]);
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

test("suites and paths are added up, and no file runs twice", () => {
  assert.deepEqual(choose("unit", "leaks", "docs.test"), [
    { suite: unit },
    { suite: e2e, files: ["test/e2e/docs.test.ts"] },
  ]);
});

test("any other pattern is a part of tests' names, searched wherever tests have names", () => {
  assert.deepEqual(
    choose("keeps a key", "drains"),
    [unit, scripts, sampleApp, e2e].map((suite) => ({ suite, names: ["keeps a key", "drains"] })),
  );
});

test("beside suites and paths, names of tests are searched in those alone", () => {
  assert.deepEqual(choose("keeps a key", "types", "scripts", "leaks"), [
    { suite: unit, files: ["test/leaks.test.ts"], names: ["keeps a key"] },
    { suite: scripts, names: ["keeps a key"] },
  ]);
  assert.deepEqual(choose("keeps a key", "engine"), []);
});

const E2E_FILES: E2eFile[] = [
  { file: "docs.test.ts", runs: "beside others", covers: ["docs/", "README.md"] },
  { file: "tls.test.ts", runs: "beside others" },
];
const change = (changed: readonly string[], related: readonly string[] = []): Chosen[] =>
  chooseByChange(SUITES, E2E_FILES, { changed, related } satisfies Change);

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

test("an e2e file that imports what has changed, or has changed itself, is chosen whatever it covers", () => {
  const related = ["test/e2e/docs.test.ts"];
  assert.deepEqual(change(["test/support/docs.ts"], related), [{ suite: e2e, files: related }]);
});

const command = (chosen: Chosen): string[] => commandOf(chosen, "/results/a.report", "/lib/reporter.mjs");
const REPORTERS = [
  ...["--test-reporter=spec", "--test-reporter-destination=stdout"],
  ...["--test-reporter=/lib/reporter.mjs", "--test-reporter-destination=/results/a.report"],
];
const NAMES = ["a (b)", "c.d*", "e/f|g", "[h] {i}", "^j$ k+?", "l\\m"];
const PATTERN = "a \\(b\\)|c\\.d\\*|e/f\\|g|\\[h\\] \\{i\\}|\\^j\\$ k\\+\\?|l\\\\m";

test("jest: its report, its files and names of tests", () => {
  const report = ["--json", "--outputFile=/results/a.report"];
  assert.deepEqual(command({ suite: unit }), [
    ...["jest", "--selectProjects", "unit", ...report, "--runTestsByPath"],
    ...["test/edge/tls.test.ts", "test/leaks.test.ts"],
  ]);
  assert.deepEqual(command({ suite: unit, files: ["test/leaks.test.ts"], names: NAMES }), [
    ...["jest", "--selectProjects", "unit", ...report, "--testNamePattern", PATTERN],
    ...["--runTestsByPath", "test/leaks.test.ts"],
  ]);
});

test("node: its reporters, its files and names of tests", () => {
  assert.deepEqual(command({ suite: scripts }), ["node", "--test", ...REPORTERS, "test/scripts/doctor.test.mts"]);
  assert.deepEqual(command({ suite: scripts, names: NAMES }), [
    ...["node", "--test", ...REPORTERS, `--test-name-pattern=/${PATTERN}/i`, "test/scripts/doctor.test.mts"],
  ]);
});

test("files of a suite with a folder are given from there", () => {
  const words = ["node", "--test", ...REPORTERS, "test/page.test.ts"];
  assert.deepEqual(command({ suite: sampleApp }), words);
  assert.deepEqual(command({ suite: sampleApp, files: sampleApp.files ?? [] }), words);
});

test("go and plain suites run as they are", () => {
  assert.deepEqual(command({ suite: engine }), ["engine/test.sh", "-json"]);
  assert.deepEqual(command({ suite: types }), ["npm", "run", "typecheck"]);
});

const suitesHere = (tools = ALL_TOOLS): Suite[] => suitesOf(ROOT, readE2eFiles(join(ROOT, "test/e2e")), tools);

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

test("a suite whose tool is missing is left out", () => {
  const names = (tools = ALL_TOOLS) => suitesHere(tools).map(({ name }) => name);
  const all = ["types", "unit", "scripts", "shellcheck", "engine", "sample-app", "e2e", "e2e-alone"];
  assert.deepEqual(names(), all);
  assert.deepEqual(
    names({ shellcheck: false, go: false }),
    all.filter((name) => name !== "shellcheck" && name !== "engine"),
  );
});

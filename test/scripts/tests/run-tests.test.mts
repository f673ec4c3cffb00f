// Whole runs, in a small repository with stubs for jest, npm and Docker; tests of its scripts run on the real Node.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { file, program } from "../support/files.mts";

const REPOSITORY = join(import.meta.dirname, "../../..");
const TOOLS = ["bash", "env", "git", "mkdir", "ps", "sh"];
const SUITES = ["types", "unit", "scripts", "sample-app", "e2e", "e2e-alone"];

let dir: string;
let root: string;

const jestReport = (...statuses: readonly string[]): string => {
  const assertionResults = statuses.map((status, index) => ({
    title: `${status} ${index}`,
    status,
    ancestorTitles: [],
    failureMessages: ["for a reason"],
  }));
  const result = { name: "/a.test.ts", status: "passed", message: "", startTime: 0, endTime: 1000, assertionResults };
  return JSON.stringify({ testResults: [result] });
};

/** Jest that writes reports, by the word after --selectProjects, or none, and ends by some code. */
function jest(reports: { unit?: string; e2e?: string; ends?: string }): void {
  const { unit = jestReport("passed"), e2e = jestReport("passed"), ends = "" } = reports;
  program(
    join(root, "node_modules/.bin/jest"),
    `for word; do case $word in --outputFile=*) file=\${word#*=} ;; esac; done
    case $2 in unit) text='${unit}' ;; *) text='${e2e}' ;; esac
    echo "jest of $2"
    [ "$text" = none ] || printf '%s' "$text" >"$file"
    ${ends}`,
  );
}

/** A program of this machine. */
function link(tool: string): void {
  const { stdout } = spawnSync("sh", ["-c", `command -v ${tool}`], { encoding: "utf8" });
  symlinkSync(stdout.trim(), join(dir, "bin", tool));
}

function copyRunner(): void {
  for (const part of ["run-tests.mts", "lib/run.mts", "lib/files.mts", "lib/tests"]) {
    cpSync(join(REPOSITORY, "scripts", part), join(root, "scripts", part), { recursive: true });
  }
  mkdirSync(join(root, "node_modules"));
  for (const name of ["p-map", "jest-docblock"]) {
    symlinkSync(join(REPOSITORY, "node_modules", name), join(root, "node_modules", name));
  }
}

function writeTests(): void {
  const nodeTest = 'import { test } from "node:test";\ntest("works", () => {});\n';
  file(join(root, "test/scripts/one.test.mts"), nodeTest);
  file(join(root, "examples/sample-app/test/page.test.ts"), nodeTest);
  file(join(root, "test/leaks.test.ts"), "");
  file(join(root, "test/e2e/up.test.ts"), "/** @runs beside others */");
  file(join(root, "test/e2e/calm.test.ts"), "/** @runs alone */");
  file(join(root, "README.md"), "");
}

beforeEach(() => {
  dir = realpathSync(mkdtempSync(join(tmpdir(), "run-tests-")));
  root = join(dir, "repository");
  copyRunner();
  writeTests();
  mkdirSync(join(dir, "bin"));
  TOOLS.forEach(link);
  symlinkSync(process.execPath, join(dir, "bin", "node"));
  program(join(dir, "bin", "npm"), "echo checked");
  program(join(dir, "bin", "docker"), "");
  jest({});
});

afterEach(() => {
  rmSync(dir, { recursive: true });
});

interface Ran {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

function run(args: readonly string[], env: Record<string, string> = {}): Ran {
  const own = { PATH: join(dir, "bin"), HOME: dir, TMPDIR: join(dir, "tmp"), DOCKWRIGHT_TEST_SEED: "1" };
  const done = spawnSync(process.execPath, [join(root, "scripts/run-tests.mts"), ...args], {
    encoding: "utf8",
    env: { ...own, ...env },
  });
  assert.doesNotMatch(done.stderr, /^ {4}at /m, "a stack trace");
  return { status: done.status, out: done.stdout, err: done.stderr };
}

const lastLine = ({ out }: Ran): string | undefined => out.trimEnd().split("\n").at(-1);

const parentOfRuns = (): string => join(dir, "tmp", `dockwright-tests-${process.getuid?.()}`);

/** Folders of runs that are there now. */
const runFolders = (): string[] => readdirSync(parentOfRuns()).map((name) => join(parentOfRuns(), name));

test("a whole run: every suite counts, and what could not run is told at the end", () => {
  const ran = run([]);
  assert.equal(ran.status, 0, ran.err);
  assert.equal(lastLine(ran), "6 passed, 0 failed");
  for (const name of SUITES) assert.match(ran.out, new RegExp(`^ {4}${name} +1 passed, 0 failed$`, "m"));
  assert.match(
    ran.out,
    /^$\n {4}shellcheck was left out: shellcheck is not installed here\n {4}engine was left out: Go is not installed here\n\n/m,
  );
  assert.deepEqual(runFolders(), []);
});

test("a run of a suite says nothing of others, and refuses one that cannot run", () => {
  const ran = run(["Types"]);
  assert.doesNotMatch(ran.out, /left out/);
  assert.equal(lastLine(ran), "1 passed, 0 failed");
  const refused = run(["engine"]);
  assert.deepEqual(refused, {
    status: 1,
    out: "",
    err: "error: the suite engine cannot run: Go is not installed here\n",
  });
  assert.equal(run(["--needs", "shellcheck"]).status, 1);
});

test("a suite without a report is a failure, though it ends well", () => {
  for (const unit of ["none", "", '{"testResults":[']) {
    jest({ unit });
    const ran = run(["unit"]);
    assert.equal(ran.status, 1);
    assert.match(ran.out, /^failed: unit: it left no report\n {8}jest of unit\n\n0 passed, 1 failed$/m);
  }
});

test("the last lines of a plain suite are the reason of its failure", () => {
  program(join(dir, "bin", "npm"), "echo a.ts:1; echo '  2 errors'; exit 2");
  const ran = run(["types"]);
  assert.equal(ran.status, 1);
  assert.match(ran.out, /^failed: types: it ended with 2\n {8}a\.ts:1\n {10}2 errors\n\n0 passed, 1 failed$/m);
});

test("without a daemon e2e suites are skipped, and fail only when they fail", () => {
  const env = { NO_DOCKER: "no Docker daemon" };
  jest({ e2e: jestReport("pending", "pending") });
  const skipped = run(["e2e"], env);
  assert.equal(skipped.status, 0, skipped.err);
  assert.match(skipped.out, /^ {4}e2e was skipped: no Docker daemon$/m);
  assert.equal(lastLine(skipped), "0 passed, 0 failed, 4 skipped");
  jest({ e2e: jestReport("pending", "pending"), ends: "exit 1" });
  const failed = run(["e2e"], env);
  assert.equal(failed.status, 1);
  assert.equal(lastLine(failed), "0 passed, 2 failed, 4 skipped");
});

test("names that no test has are an error, which names only them", () => {
  jest({ unit: jestReport("pending"), e2e: jestReport("pending") });
  const ran = run(["surely no such test"]);
  assert.equal(ran.status, 1, ran.out);
  assert.match(ran.err, /^error: no test is called surely no such test$/m);
  const within = run(["unit", "./test/scripts/one", "surely no such test"]);
  assert.equal(within.status, 1);
  assert.match(within.err, /^error: no test is called surely no such test$/m);
});

test("where nothing was asked by name, the error has no name", () => {
  file(join(root, "test/scripts/one.test.mts"), "");
  const ran = run(["one.test"]);
  assert.equal(ran.status, 1);
  assert.match(ran.err, /^error: no test has run$/m);
});

test("mistakes of the user and states of the machine are told in a line", () => {
  const errorOf = (ran: Ran): string | undefined => {
    assert.equal(ran.status, 1);
    return /^error: (.*)$/m.exec(ran.err)?.[1];
  };
  assert.equal(errorOf(run([""])), "test: a pattern is empty");
  assert.equal(errorOf(run(["--needs", ""])), "test: a pattern is empty");
  assert.equal(errorOf(run(["./README.md"])), "./README.md is no file of tests, and no folder of them");
  assert.match(errorOf(run(["--needs"], { DOCKWRIGHT_TEST_SEED: "x" })) ?? "", /^DOCKWRIGHT_TEST_SEED: want a whole/);
  file(join(root, ".git"), "");
  assert.match(errorOf(run(["--changed"])) ?? "", /invalid gitfile/);
  file(join(dir, "file"), "");
  assert.match(errorOf(run(["types"], { TMPDIR: join(dir, "file") })) ?? "", /dockwright-tests-\d+ cannot be used: /);
  rmSync(join(root, ".dockwright"), { recursive: true });
  file(join(root, ".dockwright"), "");
  assert.match(errorOf(run(["types"])) ?? "", /\.dockwright\/test-results cannot be written: /);
  file(join(root, "test/e2e/up.test.ts"), "");
  assert.match(errorOf(run(["types"])) ?? "", /^up\.test\.ts: want @runs/);
});

test("a line of the times that was cut off does not spoil the report", () => {
  const took = { file: "a.test.ts", test: "a", kind: "up", what: "./dev up", seconds: 30 };
  const line = JSON.stringify(took);
  jest({ ends: `printf '%s\\n%s' '${line}' '${line.slice(0, 30)}' >>"$DOCKWRIGHT_TEST_TIMES"` });
  const ran = run(["up.test"]);
  assert.equal(ran.status, 0, ran.err);
  assert.match(ran.out, /^ {4}e2e .* 1 × 30 s$/m);
});

test("what of earlier runs cannot be removed is told in a line, and this run goes on", () => {
  const kept = join(parentOfRuns(), "run-abcdef");
  file(join(kept, "edge-test-0123abcd-XyZ012", "some"), "");
  program(join(dir, "bin", "docker"), "echo 'no daemon' >&2; exit 1");
  const ran = run(["types"]);
  assert.equal(ran.status, 0);
  const told = `    could not be removed, the next run tries again: ${kept}: Docker could not be asked: no daemon\n`;
  assert.ok(ran.err.includes(told), ran.err);
  assert.deepEqual(runFolders(), [kept]);
  program(join(dir, "bin", "docker"), "");
  assert.match(run(["types"]).err, /^ {4}removed what a run that was cut off had left: edge-test-0123abcd$/m);
  assert.deepEqual(runFolders(), []);
});

test("what a run cannot remove of its own does not redden it", () => {
  jest({ ends: 'mkdir "$TMPDIR/edge-test-0123abcd-XyZ012"' });
  program(join(dir, "bin", "docker"), "echo 'no daemon' >&2; exit 1");
  const ran = run(["unit"]);
  assert.equal(ran.status, 0);
  assert.equal(lastLine(ran), "1 passed, 0 failed");
  assert.match(ran.err, /could not be removed, the next run tries again: .*: Docker could not be asked: no daemon\n$/);
  assert.equal(runFolders().length, 1);
});

test("only runs that play e2e tests raise the seed", () => {
  const cache = join(dir, "cache");
  const seedOf = (args: readonly string[], env = {}): string | undefined => {
    const own = { DOCKWRIGHT_TEST_SEED: "", DOCKWRIGHT_CACHE_DIR: cache };
    return /DOCKWRIGHT_TEST_SEED=(\d+)$/m.exec(run(args, { ...own, ...env }).err)?.[1];
  };
  assert.equal(seedOf(["--needs", "e2e"]), undefined);
  assert.equal(seedOf(["types"]), "0");
  assert.equal(seedOf(["e2e"], { NO_DOCKER: "no Docker daemon" }), "0");
  assert.ok(!existsSync(cache));
  assert.equal(seedOf(["up.test"]), "1");
  assert.equal(seedOf(["e2e-alone"]), "2");
  assert.equal(seedOf(["e2e-alone"], { GITHUB_RUN_NUMBER: "7" }), "7");
  assert.equal(seedOf(["e2e-alone"], { GITHUB_RUN_NUMBER: "7", DOCKWRIGHT_TEST_SEED: "9" }), "9");
  assert.equal(readFileSync(join(cache, "test-seed"), "utf8"), "2\n");
});

test("what has to be made first", () => {
  const needsOf = (...args: string[]): string => run(["--needs", ...args]).out.trim();
  assert.equal(needsOf(), "engine docker sample-app");
  assert.equal(needsOf("types", "unit"), "");
  assert.equal(needsOf("scripts"), "engine");
});

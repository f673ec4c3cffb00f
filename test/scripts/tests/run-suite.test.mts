// Each suite runs in a process of its own, so that all it shows can be seen.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import type { Ended } from "../../../scripts/lib/tests/counts.mts";
import type { RunOptions } from "../../../scripts/lib/tests/run-suite.mts";
import type { Chosen, Suite } from "../../../scripts/lib/tests/suites.mts";
import { file, program } from "../support/files.mts";

const MODULE = JSON.stringify(new URL("../../../scripts/lib/tests/run-suite.mts", import.meta.url));

let dir: string;

beforeEach(() => {
  dir = realpathSync(mkdtempSync(join(tmpdir(), "run-suite-")));
  mkdirSync(join(dir, "results"));
});

afterEach(() => {
  rmSync(dir, { recursive: true });
});

interface Seen {
  /** How the suite ended, but for the time it took. */
  readonly ended: Omit<Ended, "seconds">;
  readonly shown: string;
  readonly log: string;
}

function run(suite: Partial<Suite>, { names, ...options }: Partial<RunOptions> & Pick<Chosen, "names"> = {}): Seen {
  const whole: Suite = { name: "some", runner: "plain", command: [], covers: [], ...suite };
  const chosen: Chosen = { suite: whole, ...(names && { names }) };
  const all: RunOptions = { root: dir, results: join(dir, "results"), env: {}, ...options };
  const call = `runSuite(${JSON.stringify(chosen)}, ${JSON.stringify(all)})`;
  const body = `const { runSuite } = await import(${MODULE}); console.error(JSON.stringify(await ${call}));`;
  const env: NodeJS.ProcessEnv = { ...process.env, PATH: `${join(dir, "bin")}:${process.env["PATH"]}` };
  delete env["NODE_TEST_CONTEXT"]; // within a test, Node would run no tests
  const args = ["--input-type=module", "-e", body];
  const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8", env });
  assert.match(stderr, /^\{.*\}\n$/);
  const { seconds, ...ended } = JSON.parse(stderr) as Ended;
  assert.ok(seconds > 0 && seconds < 60, `took ${seconds} s`);
  return { ended, shown: stdout, log: readFileSync(join(dir, "results", "some.log"), "utf8") };
}

const sh = (body: string): Partial<Suite> => ({ command: ["sh", "-c", body] });

test("a suite that succeeds is silent, what it says goes to its log", () => {
  assert.deepEqual(run(sh("echo words; echo more >&2")), {
    ended: { name: "some", runner: "plain", exitCode: 0, said: ["words", "more"], timed: false },
    shown: "",
    log: "words\nmore\n",
  });
});

test("what a suite said is shown when it fails", () => {
  const { ended, shown } = run(sh("echo words; exit 3"));
  assert.deepEqual(ended, { name: "some", runner: "plain", exitCode: 3, said: ["words"], timed: false });
  assert.equal(shown, "words\n");
});

test("its last twelve lines stand with the failure, without colours", () => {
  const { ended } = run(
    sh("for i in $(seq 1 14); do printf '\\033[31m%s\\033[39m\\n' \"line $i\"; done; echo; exit 1"),
  );
  assert.deepEqual(
    ended.said,
    Array.from({ length: 12 }, (_, index) => `line ${index + 3}`),
  );
});

test("what a live suite says is shown once, also when it fails", () => {
  assert.equal(run(sh("echo words"), { live: true }).shown, "words\n");
  const { ended, shown, log } = run(sh("echo words; exit 1"), { live: true });
  assert.deepEqual({ exitCode: ended.exitCode, shown, log }, { exitCode: 1, shown: "words\n", log: "words\n" });
});

test("a command that does not exist ends with 127, one that is killed with 128", () => {
  const { ended, shown } = run({ command: ["no-such-command"] });
  assert.equal(ended.exitCode, 127);
  assert.equal(shown, "spawn no-such-command ENOENT\n");
  assert.equal(run(sh("kill -KILL $$")).ended.exitCode, 128);
});

test("a suite runs in its folder, with the environment of the run and the flags for its runner", () => {
  mkdirSync(join(dir, "app"));
  program(join(dir, "bin", "runner"), 'echo "$PWD $COLOR $*"');
  const suite = { command: ["runner", "all"], folder: "app" };
  const { log } = run(suite, { env: { COLOR: "red" }, flags: ["--once", "a b"] });
  assert.equal(log, `${join(dir, "app")} red all --once a b\n`);
});

test("jest's report is read from the file that it was told, and times of e2e tests count", () => {
  const report = { testResults: [] };
  program(
    join(dir, "bin", "jest"),
    `for word; do case $word in --outputFile=*) file=\${word#*=} ;; esac; done
    echo words; echo '${JSON.stringify(report)}' >"$file"`,
  );
  const suite: Partial<Suite> = { runner: "jest", command: ["jest"], files: [], e2e: "alone" };
  const { ended, log } = run(suite);
  const read = { tests: [], files: [] };
  assert.deepEqual(ended, { name: "some", runner: "jest", exitCode: 0, report: read, said: ["words"], timed: true });
  assert.equal(log, "words\n");
});

test("a runner that ends before its report, or within it, has none", () => {
  for (const [runner, report] of [["jest"], ["jest", ""], ["jest", '{"testResults":['], ["node"], ["go"]] as const) {
    rmSync(join(dir, "results", "some.report"), { force: true });
    if (report !== undefined) file(join(dir, "results", "some.report"), report);
    const { ended } = run({ runner, ...sh("exit 0"), files: [] });
    assert.deepEqual(ended, { name: "some", runner, exitCode: 0, said: [], timed: false });
  }
});

test("an empty report of node is one without tests", () => {
  file(join(dir, "results", "some.report"), "");
  assert.deepEqual(run({ runner: "node", ...sh("exit 0"), files: [] }).ended.report, { tests: [] });
});

test("go's report is its output", () => {
  const event = JSON.stringify({ Action: "pass", Test: "A", Package: "p", Elapsed: 1 });
  const { ended } = run({ runner: "go", ...sh(`echo '${event}'`) });
  const tests = [{ file: "p", name: "A", status: "passed", seconds: 1 }];
  assert.deepEqual(ended, { name: "some", runner: "go", exitCode: 0, report: { tests }, said: [], timed: false });
});

test("of go's output only what is no event is shown when it fails", () => {
  const event = JSON.stringify({ Action: "fail", Test: "A", Package: "p", Elapsed: 1 });
  const { ended, shown, log } = run({ runner: "go", ...sh(`echo 'go: words'; echo '${event}'; exit 1`) });
  assert.deepEqual({ shown, said: ended.said }, { shown: "go: words\n", said: ["go: words"] });
  assert.equal(log, `go: words\n${event}\n`);
});

test("node's tests are reported, also by parts of their names", () => {
  const good = 'import { test } from "node:test";\ntest("shows A/B", () => {});\ntest("other", () => {});\n';
  file(join(dir, "app", "test", "a.test.mjs"), good);
  file(join(dir, "app", "test", "b.test.mjs"), 'import { test } from "node:test";\ntest("other", () => {});\n');
  const files = ["app/test/a.test.mjs", "app/test/b.test.mjs"];
  const suite: Partial<Suite> = { runner: "node", command: [process.execPath, "--test"], folder: "app", files };
  const namesOf = ({ ended: { report } }: Seen) => report?.tests.map(({ file: from, name }) => `${from} ${name}`);
  assert.deepEqual(namesOf(run(suite)), ["a.test.mjs shows A/B", "a.test.mjs other", "b.test.mjs other"]);
  assert.deepEqual(namesOf(run(suite, { names: ["a/b", "no test"] })), ["a.test.mjs shows A/B"]);
});

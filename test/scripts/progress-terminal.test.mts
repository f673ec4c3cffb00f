// run-pulumi as a process: on a terminal and off it, with a stub of Pulumi that prints events recorded of real runs.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { record } from "../../scripts/lib/picture/pty.mts";
import { ScreenRecorder } from "../../scripts/lib/picture/screen.mts";

const ROOT = join(import.meta.dirname, "..", "..");
const TOOL = join(ROOT, "scripts", "run-pulumi.mts");
const SIZE = { columns: 80, rows: 30 };
let dir: string;
let log: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "progress-"));
  log = join(dir, "dev.log");
  program("docker", "true");
});

afterEach(() => {
  rmSync(dir, { recursive: true });
});

function program(name: string, body: string): void {
  writeFileSync(join(dir, name), `#!/usr/bin/env bash\n${body}\n`);
  chmodSync(join(dir, name), 0o755);
}

/** Pulumi prints a recording, in two halves with a pause, and ends with a status. */
function pulumi(recording: string, status: number, more = ""): void {
  const file = join(ROOT, "test", "scripts", "fixtures", "progress", `${recording}.jsonl`);
  const half = Math.floor(readFileSync(file, "utf8").split("\n").length / 2);
  program("pulumi", `head -n ${half} '${file}'; sleep 0.3; tail -n +${half + 1} '${file}'; ${more}\nexit ${status}`);
}

const command = (show: string): string[] => [TOOL, "shop", "dev", log, show, "1000", "up", "--stack", "dev"];
const environment = () => ({
  ...process.env,
  PATH: `${dir}:${process.env["PATH"]}`,
  PULUMI_BACKEND_URL: `file://${dir}`,
});

function plain(show = "plain") {
  return spawnSync("node", command(show), { encoding: "utf8", env: environment() });
}

async function onTerminal(): Promise<{ status: number; lines: string[]; raw: string }> {
  const { PATH, PULUMI_BACKEND_URL } = environment();
  const own = [`PATH=${PATH}`, `PULUMI_BACKEND_URL=${PULUMI_BACKEND_URL}`];
  const { chunks, status } = await record(["env", ...own, "node", ...command("live")], SIZE);
  const raw = chunks.map(({ text }) => text).join("");
  const terminal = new ScreenRecorder(SIZE);
  await terminal.write(raw);
  return { status, raw, lines: terminal.screen().map((runs) => runs.map(({ text }) => text).join("")) };
}

const LINUX = { skip: process.platform === "linux" ? false : "needs script of util-linux" };

test("a terminal ends with one row a service and the summary", LINUX, async () => {
  pulumi("cold", 0);
  const { status, lines, raw } = await onTerminal();
  assert.equal(status, 0);
  assert.equal(lines.length, 12 + 3, lines.join("\n"));
  assert.match(lines[5] ?? "", /^ {4}backend +ready +\d+\.\d s$/);
  assert.match(lines[12] ?? "", /^==> pulumi +109 created, 9 unchanged +\d+\.\d s$/);
  assert.match(lines[13] ?? "", /^==> health +no service containers/);
  assert.match(lines[14] ?? "", /^==> dev +up +\d+\.\d s$/);
  assert.ok(raw.includes("about to start") || raw.includes("waits for"), "nothing was shown on the way");
  assert.ok(raw.lastIndexOf("\x1b[?25h") > raw.lastIndexOf("\x1b[?25l"), "the cursor stays hidden");
});

test("a terminal shows three lines when nothing changes", LINUX, async () => {
  pulumi("noop", 0);
  const { lines } = await onTerminal();
  assert.deepEqual(
    lines.map((line) => line.replace(/ {2,}/g, " ").replace(/\d+\.\d s$/, "N s")),
    ["==> pulumi 118 unchanged N s", "==> health no service containers N s", "==> dev up N s"],
  );
});

test("a terminal shows the failed service, the reason and the log's place", LINUX, async () => {
  pulumi("fail", 255);
  const { status, lines } = await onTerminal();
  assert.equal(status, 255);
  assert.match(lines[0] ?? "", /^ {4}backend +failed$/);
  assert.match(lines[1] ?? "", /^error: backend exited before it was ready: restarting, exit code 1$/);
  assert.match(lines[2] ?? "", /last 20 log lines of backend:/);
  assert.equal(lines.join("").includes(log), true);
});

test("without a terminal there are plain lines only, and a log of every step that its owner alone can read", () => {
  pulumi("cold", 0, "echo 'a word on the side' >&2");
  const { status, stdout, stderr } = plain();
  assert.equal(status, 0);
  assert.equal(stderr, "");
  assert.doesNotMatch(stdout, /\x1b|\r/); // eslint-disable-line no-control-regex
  assert.match(stdout, /^ +\d+\.\d s {2}backend: ready after \d+\.\d s$/m);
  assert.match(stdout, /^==> pulumi +109 created, 9 unchanged +\d+\.\d s\n==> health .*\n==> dev +up +\d+\.\d s\n$/m);
  const text = readFileSync(log, "utf8");
  assert.match(text, / s {2}done {3}create docker:index\/container:Container backend-container\n/);
  assert.match(text, / s {2}a word on the side\n/);
  assert.equal(statSync(log).mode & 0o777, 0o600);
});

test("a failure has Pulumi's exit code and its reason on standard error, and no health is waited for", () => {
  pulumi("fail", 255);
  const { status, stdout, stderr } = plain();
  assert.equal(status, 255);
  assert.match(stdout, / backend: failed\n$/);
  assert.match(
    stderr,
    /^error: backend exited before it was ready[^]*not reached: frontend, telegram-bot\n[^]*dev\.log\n$/,
  );
});

test("an error before any event is told as Pulumi told it", () => {
  program("pulumi", "echo 'error: the stack is locked' >&2; exit 255");
  assert.match(plain().stderr, /^error: the stack is locked\n {7}all that Pulumi did: .*dev\.log\n$/);
});

test("a process that outlives Pulumi and holds its output open is not waited for", () => {
  pulumi("noop", 0, "sleep 30 &");
  const began = Date.now();
  assert.equal(plain().status, 0);
  assert.ok(Date.now() - began < 20_000);
});

test("nobody reading does not end the update", () => {
  pulumi("cold", 0, `touch '${dir}/finished'`);
  const line = `node ${command("plain").join(" ")} | head -n 1`;
  spawnSync("bash", ["-c", line], { env: environment() });
  assert.ok(existsSync(join(dir, "finished")));
});

test("verbose is Pulumi's own output", () => {
  program("pulumi", 'echo "pulumi $*"');
  assert.match(plain("verbose").stdout, /^pulumi up --stack dev\n==> health/);
});

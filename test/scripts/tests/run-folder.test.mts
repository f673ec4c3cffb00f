// What killed test runs leave: folders made by hand, with a stub for Docker that answers and writes down what it is told.
import assert from "node:assert/strict";
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { lines } from "../../../scripts/lib/run.mts";
import { makeRunFolder, namesIn, removeDeadRuns, removeRunFolder } from "../../../scripts/lib/tests/run-folder.mts";
import { file, program } from "../support/files.mts";

const LINUX = { skip: process.platform === "linux" ? false : "only Linux tells the environment of a process" };
const NOT_ENDED = { exitCode: null, signalCode: null };
const { PATH, TZ } = process.env;

let dir: string;
let parent: string;
let children: ChildProcess[];

/** Docker that lists objects by the words and the filter it is asked with. */
function docker(answers: Record<string, readonly string[]>): void {
  const cases = Object.entries(answers).map(([asked, found]) => `"${asked}") printf '%s\\n' ${found.join(" ")} ;;`);
  program(join(dir, "bin", "docker"), `echo "$*" >>${join(dir, "told")}\ncase "$*" in ${cases.join(" ")} esac`);
}

const toldDocker = (): string[] =>
  existsSync(join(dir, "told")) ? lines(readFileSync(join(dir, "told"), "utf8")) : [];
const removedByDocker = (): string[] => toldDocker().filter((line) => /^(rm|network rm|volume rm) /.test(line));

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "runs-"));
  parent = join(dir, "parent");
  children = [];
  docker({});
  process.env["PATH"] = `${join(dir, "bin")}:${PATH}`;
});

afterEach(() => {
  process.env["PATH"] = PATH;
  if (TZ === undefined) delete process.env["TZ"];
  else process.env["TZ"] = TZ;
  for (const child of children) child.kill("SIGKILL");
  rmSync(dir, { recursive: true });
});

/** A process that ends only when it is ended. */
async function idle(env: Record<string, string>): Promise<ChildProcess> {
  const child = spawn("tail", ["-f", "/dev/null"], { env: { PATH, ...env }, stdio: "ignore" });
  children.push(child);
  await once(child, "spawn");
  return child;
}

const psOf = (pid: number, column: string): string => {
  const env = { PATH, LC_ALL: "C", TZ: "UTC" };
  return spawnSync("ps", ["-o", `${column}=`, "-p", String(pid)], { encoding: "utf8", env }).stdout.trim();
};

async function psSays(pid: number, column: string, wanted: RegExp): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!wanted.test(psOf(pid, column))) {
    assert.ok(Date.now() < deadline, `process ${pid}: ${column} is still ${psOf(pid, column)}`);
    await pause(10);
  }
}

/** The number of a process that has ended. */
const ended = (): number => spawnSync("true").pid;

function runOf(owner: string): string {
  const folder = join(parent, "run-abcdef");
  file(join(folder, "owner"), owner);
  return folder;
}

test("names are those of folders that tests made for what they call alike in Docker", () => {
  for (const entry of ["lb-docs-1x2abc-Ab3dEf", "lb-six-stacks-zz9-Q", "edge-test-0123abcd-XyZ012"]) {
    mkdirSync(join(parent, entry), { recursive: true });
  }
  for (const entry of ["edge-images-Ab3dEf", "edge-tls-Ab3dEf", "registry-Ab3dEf", "my-lb-docs-1x2abc-Ab3dEf"]) {
    mkdirSync(join(parent, entry));
  }
  assert.deepEqual(namesIn(parent), ["edge-test-0123abcd", "lb-docs-1x2abc", "tt-docs-1x2abc"]);
  assert.deepEqual(namesIn(join(dir, "none")), []);
});

test("the folder of a run is its own and bears its process", () => {
  const [first, second] = [makeRunFolder(parent), makeRunFolder(parent)];
  assert.notEqual(first, second);
  assert.equal(dirname(first), parent);
  assert.equal(readFileSync(join(first, "owner"), "utf8"), `${process.pid} ${psOf(process.pid, "lstart")}`);
});

test("the folder of a living run stays, in whatever time zone it is looked at", () => {
  const folder = makeRunFolder(parent);
  mkdirSync(join(folder, "lb-docs-1x2abc-Ab3dEf"));
  process.env["TZ"] = "Asia/Tokyo";
  assert.deepEqual(removeDeadRuns(parent), []);
  assert.ok(existsSync(join(folder, "lb-docs-1x2abc-Ab3dEf")));
  assert.deepEqual(toldDocker(), []);
});

test("the folder of a dead run goes, with what its tests made in Docker", () => {
  const alive = makeRunFolder(parent);
  const dead = runOf(`${ended()} Thu Jan  1 00:00:00 1970`);
  file(join(dead, "lb-docs-1x2abc-Ab3dEf", "clone", "dev"), "");
  const label = "label=dockwright.project=lb-docs-1x2abc";
  const name = "name=^lb-docs-1x2abc";
  docker({
    [`volume ls --quiet --filter ${label}`]: ["data"],
    [`volume ls --quiet --filter ${name}`]: ["data", "cache"],
    [`ps --all --quiet --filter ${label}`]: ["api", "worker"],
    [`ps --all --quiet --filter ${name}`]: ["api", "helper"],
    "ps --all --quiet --filter volume=cache": ["builder", "api"],
    [`network ls --quiet --filter ${name}`]: ["public"],
    "network ls --quiet --filter name=^tt-docs-1x2abc": ["second"],
  });
  assert.deepEqual(removeDeadRuns(parent), ["lb-docs-1x2abc", "tt-docs-1x2abc"]);
  assert.deepEqual(removedByDocker(), [
    "rm --force --volumes api worker helper builder",
    "network rm public",
    "volume rm --force data cache",
    "network rm second",
  ]);
  assert.ok(!existsSync(dead));
  assert.ok(existsSync(alive));
});

test("a run is dead when its number belongs to another process now, or nobody owns it", () => {
  for (const owner of [`${process.pid} Thu Jan  1 00:00:00 1970`, String(process.pid), "", "nobody"]) {
    const folder = runOf(owner);
    assert.deepEqual(removeDeadRuns(parent), [], owner);
    assert.ok(!existsSync(folder), owner);
  }
  mkdirSync(join(parent, "run-abcdef"));
  removeDeadRuns(parent);
  assert.ok(!existsSync(join(parent, "run-abcdef")));
});

test("a run is dead when its process only waits to be reaped", async () => {
  // The shell becomes a program that never asks for the child which it started before.
  const body = "exec 3<&0; cat <&3 & echo $!; exec tail -f /dev/null";
  const shell = spawn("sh", ["-c", body], { stdio: ["pipe", "pipe", "ignore"] });
  children.push(shell);
  const [chunk] = (await once(shell.stdout, "data")) as [Buffer];
  const pid = Number(String(chunk));
  await psSays(shell.pid ?? 0, "args", /^tail /);
  shell.stdin.end();
  await psSays(pid, "stat", /^Z/);
  const folder = runOf(`${pid} ${psOf(pid, "lstart")}`);
  removeDeadRuns(parent);
  assert.ok(!existsSync(folder));
});

test("where no run ever was there is nothing to remove", () => {
  assert.deepEqual(removeDeadRuns(join(dir, "none")), []);
  assert.deepEqual(toldDocker(), []);
});

test("processes of a dead run are ended, and no others", LINUX, async () => {
  const dead = runOf(`${ended()} Thu Jan  1 00:00:00 1970`);
  const [left, other, below] = [
    await idle({ TMPDIR: dead }),
    await idle({ TMPDIR: parent }),
    await idle({ TMPDIR: `${dead}/folder`, HOME: dead }),
  ];
  const end = once(left, "exit");
  removeDeadRuns(parent);
  assert.deepEqual(await end, [null, "SIGKILL"]);
  for (const { exitCode, signalCode } of [other, below]) assert.deepEqual({ exitCode, signalCode }, NOT_ENDED);
});

test("a run removes its own folder, and not itself", LINUX, () => {
  const folder = makeRunFolder(parent);
  const url = JSON.stringify(new URL("../../../scripts/lib/tests/run-folder.mts", import.meta.url));
  const remove = `const { removeRunFolder } = await import(${url}); removeRunFolder(process.env.TMPDIR);`;
  const env = { ...process.env, TMPDIR: folder };
  const { status, signal, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", remove], { env });
  assert.deepEqual({ status, signal }, { status: 0, signal: null }, String(stderr));
  assert.ok(!existsSync(folder));
  assert.deepEqual(removeRunFolder(folder), []);
});

// What killed test runs leave: folders made by hand, with a stub for Docker that answers and writes down what it is told.
import assert from "node:assert/strict";
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import fs, {
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
} from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, mock, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { lines, UserError } from "../../../scripts/lib/run.mts";
import { makeRunFolder, namesIn, removeDeadRuns, removeRunFolder } from "../../../scripts/lib/tests/run-folder.mts";
import { file, program } from "../support/files.mts";

const LINUX = { skip: process.platform === "linux" ? false : "only Linux tells the environment of a process" };
const NOT_ENDED = { exitCode: null, signalCode: null };
const NOTHING = { names: [], left: [] };
const ENVIRONMENT = process.env;
const { PATH } = ENVIRONMENT;

let dir: string;
let parent: string;
let children: ChildProcess[];

/** Docker that lists objects by the words and the filter it is asked with, or fails with some words. */
function docker(answers: Record<string, readonly string[]>, failures: Record<string, string> = {}): void {
  const lists = Object.entries(answers).map(([asked, found]) => `"${asked}") printf '%s\\n' ${found.join(" ")} ;;`);
  const fails = Object.entries(failures).map(([asked, words]) => `${asked}) printf '${words}\\n' >&2; exit 1 ;;`);
  const cases = [...fails, ...lists].join(" ");
  program(join(dir, "bin", "docker"), `echo "$*" >>${join(dir, "told")}\ncase "$*" in ${cases} esac`);
}

const toldDocker = (): string[] =>
  existsSync(join(dir, "told")) ? lines(readFileSync(join(dir, "told"), "utf8")) : [];
const removedByDocker = (): string[] => toldDocker().filter((line) => /^(rm|network rm|volume rm) /.test(line));

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "runs-"));
  parent = join(dir, "parent");
  children = [];
  docker({});
  process.env = { ...ENVIRONMENT, PATH: `${join(dir, "bin")}:${PATH}` };
  delete process.env["DOCKER_HOST"];
});

afterEach(() => {
  process.env = ENVIRONMENT;
  mock.restoreAll();
  syncBuiltinESMExports();
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

const deadOwner = () => `${ended()} Thu Jan  1 00:00:00 1970`;

function runOf(owner: string, name = "run-abcdef"): string {
  const folder = join(parent, name);
  file(join(folder, "owner"), owner);
  return folder;
}

/** A dead run in which a test has made something in Docker. */
function deadRun(): string {
  const folder = runOf(deadOwner());
  mkdirSync(join(folder, "lb-docs-1x2abc-Ab3dEf"));
  return folder;
}

const isRefusal = (words: RegExp) => (error: unknown) => {
  assert.ok(error instanceof UserError);
  assert.match(error.message, words);
  return true;
};

test("names are those of folders that tests made for what they call alike in Docker", () => {
  for (const entry of ["lb-docs-1x2abc-Ab3dEf", "lb-six-stacks-zz9-Q", "edge-test-0123abcd-XyZ012"]) {
    mkdirSync(join(parent, entry), { recursive: true });
  }
  for (const entry of ["edge-images-Ab3dEf", "edge-tls-Ab3dEf", "registry-Ab3dEf", "my-lb-docs-1x2abc-Ab3dEf"]) {
    mkdirSync(join(parent, entry));
  }
  for (const entry of ["lb-.-1x2abc-Ab3dEf", "lb-a|b-1x2abc-Ab3dEf", "lb-A-1x2abc-Ab3dEf", "lb-a b-1x2abc-Ab3dEf"]) {
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

test("nobody else may look into the folder of runs", () => {
  const before = process.umask(0);
  try {
    makeRunFolder(parent);
  } finally {
    process.umask(before);
  }
  assert.equal(statSync(parent).mode & 0o777, 0o700);
});

test("a folder of runs that is a link, a file or another user's is refused", () => {
  const target = join(dir, "target");
  const victim = join(target, "run-abcdef");
  mkdirSync(victim, { recursive: true });
  const [link, plain] = [join(dir, "link"), join(dir, "plain")];
  symlinkSync(target, link);
  symlinkSync(join(dir, "none"), join(dir, "dangling"));
  file(plain, "");
  let foreign = "/usr";
  if (process.getuid?.() === 0) {
    foreign = target;
    chownSync(foreign, 12345, 12345);
  }
  for (const path of [link, join(dir, "dangling"), plain, foreign]) {
    const refusal = isRefusal(new RegExp(`^${path} is no folder of this user$`));
    assert.throws(() => makeRunFolder(path), refusal);
    assert.throws(() => removeDeadRuns(path), refusal);
  }
  assert.ok(existsSync(victim));
});

test("where no folder of runs can be made the user is told", () => {
  file(join(dir, "file"), "");
  assert.throws(() => makeRunFolder(join(dir, "file", "runs")), isRefusal(/file\/runs cannot be used: /));
});

test("only folders that a run made are looked at", () => {
  const outside = join(dir, "outside");
  file(join(outside, "kept"), "");
  mkdirSync(parent);
  symlinkSync(outside, join(parent, "run-linked"));
  file(join(parent, "run-filefi"), "");
  for (const name of ["run-abcde", "run-abcdefg", "run-abc-ef", "draft-abcdef", "other"]) runOf("", name);
  const before = readdirSync(parent);
  assert.deepEqual(removeDeadRuns(parent), NOTHING);
  assert.deepEqual(readdirSync(parent), before);
  assert.ok(existsSync(join(outside, "kept")));
});

test("the folder of a living run stays, in whatever time zone it is looked at", () => {
  const folder = makeRunFolder(parent);
  mkdirSync(join(folder, "lb-docs-1x2abc-Ab3dEf"));
  process.env["TZ"] = "Asia/Tokyo";
  assert.deepEqual(removeDeadRuns(parent), NOTHING);
  assert.ok(existsSync(join(folder, "lb-docs-1x2abc-Ab3dEf")));
  assert.deepEqual(toldDocker(), []);
});

test("the folder of a dead run goes, with what its tests made in Docker", () => {
  const alive = makeRunFolder(parent);
  const dead = deadRun();
  file(join(dead, "lb-docs-1x2abc-Ab3dEf", "clone", "dev"), "");
  const label = "label=dockwright.project=lb-docs-1x2abc";
  const name = "name=^lb-docs-1x2abc(-|$)";
  docker({
    [`volume ls --quiet --filter ${label}`]: ["data"],
    [`volume ls --quiet --filter ${name}`]: ["data", "cache"],
    [`ps --all --quiet --filter ${label}`]: ["api", "worker"],
    [`ps --all --quiet --filter ${name}`]: ["api", "helper"],
    "ps --all --quiet --filter volume=cache": ["builder", "api"],
    [`network ls --quiet --filter ${name}`]: ["public"],
    "network ls --quiet --filter name=^tt-docs-1x2abc(-|$)": ["second"],
  });
  assert.deepEqual(removeDeadRuns(parent), { names: ["lb-docs-1x2abc", "tt-docs-1x2abc"], left: [] });
  assert.deepEqual(removedByDocker(), [
    "rm --force --volumes api worker helper builder",
    "network rm public",
    "volume rm --force data cache",
    "network rm second",
  ]);
  assert.ok(!existsSync(dead));
  assert.ok(existsSync(alive));
});

test("what a run left is removed where its daemon was, whatever this run's is", () => {
  const removed = (host: string | undefined) => {
    if (host === undefined) delete process.env["DOCKER_HOST"];
    else process.env["DOCKER_HOST"] = host;
    const folder = makeRunFolder(parent);
    mkdirSync(join(folder, "edge-test-0123abcd-XyZ012"));
    process.env["DOCKER_HOST"] = "tcp://another:2375";
    rmSync(join(dir, "told"), { force: true });
    assert.deepEqual(removeRunFolder(folder), { names: ["edge-test-0123abcd"], left: [] });
    return new Set(toldDocker().map((line) => /^--host (\S+) /.exec(line)?.[1]));
  };
  assert.deepEqual(removed("ssh://user@host"), new Set(["ssh://user@host"]));
  assert.deepEqual(removed(undefined), new Set(["unix:///var/run/docker.sock"]));
  assert.deepEqual(removed(""), new Set(["unix:///var/run/docker.sock"]));
});

test("a folder stays until Docker answers", () => {
  const dead = deadRun();
  docker({}, { "*": "Cannot connect\\nto the daemon" });
  assert.deepEqual(removeDeadRuns(parent), {
    names: [],
    left: [`${dead}: Docker could not be asked: Cannot connect`],
  });
  assert.equal(toldDocker().length, 1, "a second question would wait for as long");
  rmSync(join(dir, "bin", "docker"));
  process.env["PATH"] = "/nowhere";
  assert.match(removeDeadRuns(parent).left.join(), /^\S+: Docker could not be asked: spawnSync docker ENOENT$/);
  assert.ok(existsSync(join(dead, "lb-docs-1x2abc-Ab3dEf")));
  process.env["PATH"] = `${join(dir, "bin")}:${PATH}`;
  docker({});
  assert.deepEqual(removeDeadRuns(parent).names, ["lb-docs-1x2abc", "tt-docs-1x2abc"]);
  assert.ok(!existsSync(dead));
});

test("a folder stays until Docker has removed everything", () => {
  const dead = deadRun();
  const found = {
    "volume ls --quiet --filter name=^lb-docs-1x2abc(-|$)": ["data"],
    "ps --all --quiet --filter name=^lb-docs-1x2abc(-|$)": ["api"],
    "network ls --quiet --filter name=^tt-docs-1x2abc(-|$)": ["public"],
  };
  docker(found, { "rm*": "api is locked", "volume\\ rm*": "data is in use" });
  assert.deepEqual(removeDeadRuns(parent), { names: [], left: [`${dead}: api is locked; data is in use`] });
  assert.ok(removedByDocker().includes("network rm public"), "what can be removed is");
  assert.ok(existsSync(dead));
  docker(found, { "rm*": "" });
  assert.match(removeDeadRuns(parent).left.join(), /: docker rm --force --volumes ended with 1$/);
  docker(found, { "rm*": "No such container: api", "network\\ rm*": "network public not found\\nexit status 1" });
  assert.deepEqual(removeDeadRuns(parent).left, []);
  assert.ok(!existsSync(dead));
});

test("a process that cannot be ended is told, and the other runs are swept", LINUX, async () => {
  const dead = deadRun();
  const { pid } = await idle({ TMPDIR: dead });
  const other = runOf(deadOwner(), "run-ghijkl");
  mock.method(process, "kill", () => {
    throw Object.assign(new Error("kill EPERM"), { code: "EPERM" });
  });
  assert.deepEqual(removeDeadRuns(parent), { names: [], left: [`${dead}: process ${pid}: kill EPERM`] });
  assert.ok(existsSync(dead));
  assert.ok(!existsSync(other));
});

test("files that cannot be removed are told", () => {
  const dead = deadRun();
  mock.method(fs, "rmSync", () => {
    throw new Error("EACCES: permission denied");
  });
  syncBuiltinESMExports();
  assert.deepEqual(removeDeadRuns(parent), { names: [], left: [`${dead}: EACCES: permission denied`] });
});

test("a run is dead when its number belongs to another process now, or nobody owns it", () => {
  const owners = [
    `${process.pid} Thu Jan  1 00:00:00 1970`,
    String(process.pid),
    "",
    "nobody",
    "0",
    "-1",
    "0 x",
    "1.5",
  ];
  for (const owner of owners) {
    const folder = runOf(owner);
    assert.deepEqual(removeDeadRuns(parent), NOTHING, owner);
    assert.ok(!existsSync(folder), owner);
  }
  mkdirSync(join(parent, "run-abcdef"));
  mkdirSync(join(parent, "run-ghijkl", "owner"), { recursive: true });
  assert.deepEqual(removeDeadRuns(parent), NOTHING);
  assert.deepEqual(readdirSync(parent), []);
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
  assert.deepEqual(removeDeadRuns(join(dir, "none")), NOTHING);
  assert.deepEqual(toldDocker(), []);
});

test("processes of a dead run are ended, and no others", LINUX, async () => {
  const dead = runOf(deadOwner());
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
  assert.deepEqual(removeRunFolder(folder), NOTHING);
});

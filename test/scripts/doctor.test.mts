// `./dev doctor` as a whole, in a project and a root of its own, with stubs for Docker and the engine.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { symlinkSync, utimesSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { file, program } from "./support/files.mts";

const REPOSITORY = join(import.meta.dirname, "..", "..");
const BASICS = ["bash", "env", "cat", "cksum", "cut", "dirname", "grep", "head", "id", "mktemp", "ps", "rm", "sed"];
const TOOLS = [...BASICS, "sleep", "sort", "tail", "tr", "uname"];

const INFO = {
  ...{
    Name: "far",
    OSType: "linux",
    OperatingSystem: "Debian 13",
    KernelVersion: "1",
    NCPU: 4,
    MemTotal: 8 * 1024 ** 3,
  },
  ...{ DockerRootDir: "/var/lib/docker", Driver: "overlay2", LoggingDriver: "json-file", CgroupVersion: "2" },
  ...{ MemoryLimit: true, SwapLimit: true, CpuCfsQuota: true, PidsLimit: true },
};
const VERSION = { Server: { Version: "26.1.5", ApiVersion: "1.45", Arch: "amd64" } };

let dir: string;
let project: string;

function docker(version: object = VERSION, info: object = INFO): void {
  const answers = [`version*) echo '${JSON.stringify(version)}' ;;`, `info*) echo '${JSON.stringify(info)}' ;;`];
  const context = "'context inspect'*) echo unix:///var/run/docker.sock ;;";
  program(join(dir, "bin", "docker"), `case "$*" in ${[...answers, context].join(" ")} esac`);
}

/** A root with the real scripts and packages, and an engine that is ready. */
function root(): string {
  return join(dir, "root");
}

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "doctor-"));
  project = join(dir, "shop");
  mkdirSync(root());
  for (const name of ["dev", "package-lock.json"]) copyFileSync(join(REPOSITORY, name), join(root(), name));
  utimesSync(join(root(), "package-lock.json"), 1, 1); // older than any installation
  for (const name of ["scripts", "node_modules"]) symlinkSync(join(REPOSITORY, name), join(root(), name));
  file(join(root(), "engine", "versions.env"), 'PULUMI=3.0.0\nPLUGINS="docker@5.0.0"\n');
  program(join(root(), "engine", "look.sh"), `echo ${join(dir, "home")}`);
  file(join(dir, "home", ".ready"), "built\n");
  file(join(dir, "home", "plugins", "resource-docker-v5.0.0", "binary"), "");
  file(join(project, "Pulumi.yaml"), "name: shop\nruntime: nodejs\n");
  file(join(project, "Pulumi.dev.yaml"), "config:\n  shop:color: red\n");
  mkdirSync(join(dir, "bin"));
  for (const tool of TOOLS) {
    const where = spawnSync("sh", ["-c", `command -v ${tool}`], { encoding: "utf8" }).stdout.trim();
    symlinkSync(where, join(dir, "bin", tool));
  }
  symlinkSync(process.execPath, join(dir, "bin", "node"));
  docker();
});

afterEach(() => {
  rmSync(dir, { recursive: true });
});

interface Ran {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

function doctor(args: readonly string[] = [], env: Record<string, string> = {}): Ran {
  const done = spawnSync("bash", [join(root(), "dev"), "doctor", ...args], {
    cwd: project,
    encoding: "utf8",
    env: {
      PATH: join(dir, "bin"),
      HOME: dir,
      DOCKWRIGHT_DATA_DIR: join(dir, "data"),
      DOCKWRIGHT_CACHE_DIR: dir,
      ...env,
    },
  });
  return { status: done.status, out: done.stdout, err: done.stderr };
}

function expectNothingMade(): void {
  assert.ok(!existsSync(join(dir, "data")));
  assert.deepEqual(readdirSync(project).sort(), ["Pulumi.dev.yaml", "Pulumi.yaml"]);
}

test("when all is there, it says so with code 0, and makes nothing", () => {
  const { status, out, err } = doctor();
  assert.equal(err, "");
  assert.equal(status, 0, out);
  assert.match(out, /\nnothing is missing: \.\/dev up dev can work\n$/);
  assert.match(out, /^Tools\n {2}ok +bash +\d/);
  assert.match(out, /\n {2}ok {7}Pulumi {11}3\.0\.0, built, cached in \S+home\n {2}ok {7}plugins {10}docker 5\.0\.0\n/);
  assert.match(out, /\n {2}ok {7}API {14}1\.45\n/);
  assert.match(out, /\n {2}note {5}passphrase {7}none yet: the first up makes it\n/);
  assert.ok(!out.includes("\u001b"), "colour without a terminal");
  expectNothingMade();
});

test("each thing that is missing is named with its fix, and the code is 1", () => {
  docker({ Server: { ...VERSION.Server, ApiVersion: "1.40", Version: "19.03" } }, { ...INFO, CpuCfsQuota: false });
  rmSync(join(dir, "home", "plugins"), { recursive: true });
  rmSync(join(dir, "bin", "ps"));
  const { status, out } = doctor(["--json"]);
  assert.equal(status, 1);
  const { ready, findings } = JSON.parse(out) as { ready: boolean; findings: Record<string, string>[] };
  assert.equal(ready, false);
  const lacking = findings.filter(({ mark }) => mark === "missing");
  assert.deepEqual(
    lacking.map(({ name }) => name),
    ["ps", "plugins", "docker.API", "docker.CpuCfsQuota"],
  );
  assert.ok(lacking.every(({ text = "", fix = "" }) => /^want .*, got /.test(text) && fix !== ""));
});

test("without Node it looks at what bash can see, as a table and as JSON", () => {
  rmSync(join(dir, "bin", "node"));
  rmSync(join(root(), "node_modules"));
  const { status, out, err } = doctor();
  assert.equal(err, "");
  assert.equal(status, 1);
  assert.match(out, /missing {2}node {13}want Node\.js 22\.18 or newer, got none\n +fix: install it, it brings npm/);
  assert.match(out, /missing {2}npm packages/);
  assert.match(out, /\n2 things are missing for \.\/dev up dev\n$/);
  const { findings } = JSON.parse(doctor(["--json"]).out) as { findings: unknown[] };
  assert.ok(findings.length >= 9);
  expectNothingMade();
});

test("with npm alone nothing is missing: up installs Node from the lockfile", () => {
  rmSync(join(dir, "bin", "node"));
  rmSync(join(root(), "node_modules"));
  program(join(dir, "bin", "npm"), `touch ${join(dir, "ran")}`);
  const { status, out } = doctor();
  assert.equal(status, 0, out);
  assert.match(out, /note +node +none on the PATH, want 22\.18 or newer: up installs the npm package node/);
  assert.match(out, /note +npm packages +not what the lockfile says: up installs them/);
  assert.ok(!existsSync(join(dir, "ran")));
});

test("a daemon that hangs holds nobody up", () => {
  program(join(dir, "bin", "docker"), "case $1 in context) ;; *) sleep 60 ;; esac");
  const start = Date.now();
  const { status, out } = doctor([], { DOCKER_HOST: "tcp://127.0.0.1:1" });
  assert.ok(Date.now() - start < 20_000, `took ${Date.now() - start} ms`);
  assert.equal(status, 1);
  assert.match(
    out,
    /missing +daemon +want an answer at DOCKER_HOST \(tcp:\/\/127\.0\.0\.1:1\), got: no answer within 3 s\n +fix: /,
  );
});

test("the engine's own words say why it cannot be made", () => {
  program(
    join(root(), "engine", "look.sh"),
    "echo 'engine: building Pulumi needs Go\n        Debian: apt-get' >&2; exit 1",
  );
  assert.match(doctor().out, /missing +Pulumi +building Pulumi needs Go\n +fix: Debian: apt-get\n/);
});

test("a stack without a file, and one whose file is no YAML", () => {
  const unknown = doctor(["prod"]);
  assert.equal(unknown.status, 1);
  assert.match(unknown.out, /missing +settings +want a file Pulumi\.prod\.yaml, got none; stacks here: dev\n/);
  file(join(project, "Pulumi.dev.yaml"), "config: [\n");
  const broken = doctor();
  assert.equal(broken.status, 1);
  assert.match(broken.out, /missing +settings +\S+Pulumi\.dev\.yaml is not valid YAML/);
});

test("a state without its passphrase, one that is damaged, and an update that was cut off", () => {
  const state = join(dir, "data", "shop", "state", ".pulumi", "stacks", "shop", "dev.json");
  const urn = "urn:pulumi:dev::shop::x::y";
  file(
    state,
    JSON.stringify({ checkpoint: { latest: { pending_operations: [{ type: "creating", resource: { urn } }] } } }),
  );
  const lost = doctor();
  assert.equal(lost.status, 1);
  assert.match(
    lost.out,
    /missing +passphrase +want the passphrase with which the state was encrypted in \S+, got no such file/,
  );
  assert.match(lost.out, /note +update +the last one was cut off, 1 operation left pending: the next up clears up/);
  file(state, "{");
  assert.match(doctor().out, /missing +state +the state file \S+dev\.json is damaged\n +fix: the one before it: /);
});

test("the stack's host, docker.host first, and a setting that does not fit it", () => {
  const limits = "shop:limits: { api: { cpus: 8 } }";
  file(join(project, "Pulumi.dev.yaml"), `config:\n  shop:docker: { host: "tcp://127.0.0.1:1" }\n  ${limits}\n`);
  const settings = `import { z } from "zod";
    const api = z.object({ cpus: z.number().default(1), memoryMiB: z.int().min(8).default(64) }).prefault({});
    export const schema = z.object({ limits: z.object({ api }).prefault({}) });`;
  file(join(project, "settings.ts"), settings);
  symlinkSync(join(REPOSITORY, "node_modules"), join(project, "node_modules"));
  const { status, out } = doctor();
  assert.equal(status, 1, out);
  assert.match(out, /ok +reached by +docker\.host of stack dev \(tcp:\/\/127\.0\.0\.1:1\)\n/);
  assert.match(out, /note +docker\.disk +free space is not known: the daemon is elsewhere, or in a VM\n/);
  assert.match(
    out,
    /missing +limits\.api\.cpus +want at most 4, the CPUs of Docker's host, got 8\n +fix: \.\/dev pulumi config set --path limits\.api\.cpus 4 --stack dev\n/,
  );
});

test("a credential helper that is named but not there fails pulls only", () => {
  file(join(dir, ".docker", "config.json"), '{"credsStore": "desktop"}');
  const local = doctor();
  assert.match(
    local.out,
    /note +credentials +want docker-credential-desktop on the PATH, as \S+config\.json says, got none/,
  );
  const digest = `shop/api@sha256:${"1".repeat(64)}`;
  file(join(project, "Pulumi.dev.yaml"), `config:\n  shop:images: { api: "${digest}" }\n`);
  assert.match(doctor().out, /missing +credentials +want docker-credential-desktop/);
});

test("--json belongs to doctor", () => {
  const done = spawnSync("bash", [join(root(), "dev"), "up", "--json"], { cwd: project, encoding: "utf8" });
  assert.equal(done.status, 1);
  assert.match(done.stderr, /--json belongs to doctor/);
});

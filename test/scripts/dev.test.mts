// `dev` as a whole, in a project and a root of its own, with stubs for Pulumi, Docker and the engine's builder.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync } from "node:fs";
import { rmSync, symlinkSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { file, program } from "./support/files.mts";

const REPOSITORY = join(import.meta.dirname, "..", "..");
let dir: string;
let project: string;

/** Creates stacks as the folder backend does, and notes every call. */
const PULUMI = `
echo "$*" >>"$LOG"
state=\${PULUMI_BACKEND_URL#file://}; state=\${state%%\\?*}/.pulumi/stacks/shop
case "$*" in
  *'stack init'*) mkdir -p "$state"; echo "$STATE" >"$state/$5.json"; echo 'encryptionsalt: v1:made' >"$2/Pulumi.$5.yaml" ;;
  *'stack rm'*) rm "$state/dev.json" ;;
  'stack export'*) echo "$STATE"; eval "\${STUB_EXPORT:-true}" ;;
  up*) eval "\${STUB_UP:-true}" ;;
esac`;

const DOCKER_VERSION = JSON.stringify({ Server: { Version: "20.10", ApiVersion: "1.41", Arch: "amd64" } });
const SUPPORTED = { MemoryLimit: true, SwapLimit: true, CpuCfsQuota: true, PidsLimit: true };
const DOCKER_INFO = JSON.stringify({ OSType: "linux", NCPU: 2, MemTotal: 2 ** 33, ...SUPPORTED });

const DOCKER = `
case "$*" in
  'version --format {{json .}}') echo '${DOCKER_VERSION}' ;;
  'info --format {{.ServerVersion}} '*) echo 20.10 "\${DAEMON_ID:-A1}" ;;
  'info --format {{.ID}} '*) echo "\${DAEMON_ID:-A1}" box ;;
  version*) echo 20.10 ;;
  info*) echo '${DOCKER_INFO}' ;;
  'context inspect'*) echo unix:///var/run/docker.sock ;;
  *) [ ! -e "$LEFT" ] || cat "$LEFT" ;;
esac`;

const STATE = {
  checkpoint: {
    latest: { resources: [{ urn: "urn:s", type: "pulumi:pulumi:Stack", outputs: { url: "http://here" } }] },
  },
};

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "dev-"));
  project = join(dir, "shop");
  for (const name of ["dev", "package-lock.json"]) {
    mkdirSync(join(dir, "root"), { recursive: true });
    copyFileSync(join(REPOSITORY, name), join(dir, "root", name));
  }
  for (const name of ["scripts", "node_modules"]) symlinkSync(join(REPOSITORY, name), join(dir, "root", name));
  file(join(dir, "root", "engine", "placeholder"), "");
  file(join(dir, "root", "engine", "versions.env"), "PULUMI=3.0.0\n");
  program(join(dir, "root", "engine", "ensure.sh"), `echo ${join(dir, "home")}`);
  file(join(dir, "home", ".ready"), "built\n");
  program(join(dir, "home", "bin", "pulumi"), PULUMI);
  program(join(dir, "bin", "docker"), DOCKER);
  file(join(project, "Pulumi.yaml"), "name: shop\nruntime: nodejs\n");
  file(join(project, "Pulumi.dev.yaml"), "config:\n  shop:color: red\n");
  file(join(project, "Pulumi.prod.yaml"), "config: {}\n");
});

afterEach(() => {
  rmSync(dir, { recursive: true });
});

interface Ran {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

function dev(args: string, env: Record<string, string> = {}, cwd = project): Ran {
  const done = spawnSync(join(dir, "root", "dev"), args.split(" "), {
    cwd,
    encoding: "utf8",
    env: {
      PATH: `${join(dir, "bin")}:${process.env["PATH"]}`,
      HOME: dir,
      DOCKWRIGHT_DATA_DIR: join(dir, "data"),
      LOG: join(dir, "calls"),
      STATE: JSON.stringify(STATE),
      LEFT: join(dir, "left"),
      ...env,
    },
  });
  return { status: done.status, out: done.stdout, err: done.stderr };
}

function calls(): string {
  return existsSync(join(dir, "calls")) ? readFileSync(join(dir, "calls"), "utf8") : "";
}

const marker = (): string => join(dir, "data", "shop", "dev.unfinished");

test("up creates the stack beside the committed file, updates it and names the url", () => {
  const { status, out, err } = dev("up");
  assert.equal(err, "");
  assert.equal(status, 0);
  assert.match(out, /==> engine +built 3\.0\.0, cached/);
  assert.match(out, /==> dev +http:\/\/here +\d+\.\d s\n$/);
  assert.match(calls(), /^-C \S+ stack init dev --no-select[^]*\nup --yes --skip-preview --stack dev --json\n/);
  assert.equal(readFileSync(join(project, "Pulumi.dev.yaml"), "utf8"), "config:\n  shop:color: red\n");
  assert.match(readFileSync(join(project, ".dockwright", "Pulumi.dev.yaml"), "utf8"), /encryptionsalt: v1:made/);
  assert.equal(readFileSync(join(dir, "data", "shop", "dev.salt"), "utf8"), "v1:made\n");
  assert.ok(!existsSync(marker()));
});

test("a second up creates nothing anew", () => {
  dev("up");
  dev("up");
  assert.equal(calls().match(/stack init/g)?.length, 1);
});

test("a failed up has Pulumi's exit code and leaves no marker; a killed one leaves it, and the next clears up", () => {
  assert.equal(dev("up", { STUB_UP: "exit 7" }).status, 7);
  assert.ok(!existsSync(marker()));
  const killed = dev("up", { STUB_UP: "kill -9 $$" });
  assert.equal(killed.status, 137);
  assert.match(killed.err, /interrupted: the next \.\/dev up dev clears up/);
  assert.ok(existsSync(marker()));
  assert.match(dev("up").out, /==> recovery +cleared up after an interrupted update, 0 orphans removed/);
  assert.match(dev("up").out, /==> recovery +no unfinished update/);
});

test("env prints exports only, and they work", () => {
  const { out } = dev("env");
  assert.match(out, /^# shop, stack dev/);
  const { stdout } = spawnSync("bash", ["-c", `${out}\ncommand -v pulumi; cat "$PULUMI_OPTION_CONFIG_FILE"`], {
    encoding: "utf8",
    env: { PATH: process.env["PATH"] ?? "" },
  });
  assert.ok(stdout.startsWith(join(dir, "home", "bin", "pulumi")));
  assert.match(stdout, /shop:color: red/);
  assert.doesNotMatch(out, new RegExp(readFileSync(join(dir, "data", "shop", "passphrase"), "utf8").slice(0, 8)));
});

test("a project inside the clone is one of its own, from any of its folders; beside it the clone's own is meant", () => {
  const root = join(dir, "root");
  const inner = join(root, "examples", "inner");
  const runtime = "runtime:\n  name: nodejs\n  options:\n    nodeargs: --conditions=dockwright-source\n";
  for (const [folder, text] of [
    [root, "name: outer\nruntime: nodejs\n"],
    [inner, `name: inner\n${runtime}`],
  ] as const) {
    file(join(folder, "Pulumi.yaml"), text);
    file(join(folder, "Pulumi.dev.yaml"), "config: {}\n");
  }
  mkdirSync(join(inner, "parts"));
  for (const folder of [inner, join(inner, "parts")]) {
    const { out, err } = dev("env", {}, folder);
    assert.match(out, /^# inner, stack dev/, err);
    assert.ok(out.includes(`PULUMI_BACKEND_URL='file://${join(dir, "data", "inner", "state")}`), out);
    assert.ok(out.includes(`PULUMI_OPTION_CONFIG_FILE='${join(inner, ".dockwright", "Pulumi.dev.yaml")}'`), out);
  }
  assert.match(dev("env", {}, join(root, "examples")).out, /^# outer, stack dev/);
});

test("over SSH Pulumi does less at once, unless it was told how much", () => {
  const far = { DOCKER_HOST: "ssh://ann@box" };
  const { out } = dev("env", far);
  assert.match(out, /\nexport PULUMI_PARALLEL='8'\n/);
  assert.match(out, /export DOCKWRIGHT_ENV='[^']* PULUMI_PARALLEL'/);
  assert.doesNotMatch(dev("env", { ...far, PULUMI_PARALLEL: "20" }).out, /PULUMI_PARALLEL/);
  assert.doesNotMatch(dev("env").out, /PULUMI_PARALLEL/);
});

test("the exports of dev do not leak into another stack", () => {
  const { out } = dev("env");
  const secret = join(dir, "data", "shop", "passphrase");
  const { err } = dev("preview prod", {
    DOCKWRIGHT_ENV: "PULUMI_CONFIG_PASSPHRASE_FILE",
    PULUMI_CONFIG_PASSPHRASE_FILE: secret,
  });
  assert.match(out, /export DOCKWRIGHT_ENV='[^']*PULUMI_CONFIG_PASSPHRASE_FILE/);
  assert.match(err, /stack prod encrypts its secrets with a passphrase, and none is given/);
});

test("other stacks use the committed file, a given backend and a given passphrase", () => {
  const { out } = dev("env prod", { PULUMI_CONFIG_PASSPHRASE: "x", PULUMI_BACKEND_URL: `file://${dir}/elsewhere` });
  assert.match(out, new RegExp(`PULUMI_BACKEND_URL='file://${dir}/elsewhere'`));
  assert.match(out, /unset PULUMI_OPTION_CONFIG_FILE/);
  assert.doesNotMatch(out, /PASSPHRASE/);
});

test("a stack without a file is named together with those there are", () => {
  assert.match(dev("up nosuch").err, /there is no stack nosuch in .*\n +stacks here: dev prod/);
});

test("down on a stack that does not exist says so and succeeds", () => {
  const { status, out } = dev("down nosuch");
  assert.equal(status, 0);
  assert.match(out, /stack nosuch of shop does not exist/);
});

test("a backend that is no folder is asked by the CLI: down removes a stack there, and believes in no failure", () => {
  const there = { PULUMI_BACKEND_URL: "s3://states", PULUMI_CONFIG_PASSPHRASE: "x" };
  const removed = dev("down prod --yes", there);
  assert.equal(removed.status, 0, removed.err);
  assert.ok(/^destroy /m.test(calls()), calls());

  const gone = dev("down prod --yes", { ...there, STUB_EXPORT: "echo error: no stack named prod >&2; exit 1" });
  assert.match(gone.out, /stack prod of shop does not exist, there is nothing to remove/);
  assert.equal(gone.status, 0);

  const failed = dev("down prod --yes", { ...there, STUB_EXPORT: "echo error: access denied >&2; exit 255" });
  assert.equal(failed.status, 1);
  assert.match(failed.err, /the backend s3:\/\/states could not be asked for stack prod\n +error: access denied/);
  assert.equal(calls().match(/^destroy /gm)?.length, 1);
});

test("down keeps what is protected, with --volumes nothing stays", () => {
  dev("up");
  assert.equal(dev("down").status, 0);
  assert.match(
    calls(),
    /\ndestroy --exclude-protected --exclude \S+-daemon --exclude \S+-record --yes --skip-preview --stack dev --json\n$/,
  );
  const { status, out } = dev("down --volumes");
  assert.equal(status, 0);
  assert.match(out, /nothing left in Docker/);
  assert.match(
    calls(),
    /state unprotect --all[^]*\ndestroy --yes --skip-preview --stack dev --json\nstack rm --yes --preserve-config/,
  );
});

const RECORDED = JSON.stringify({
  checkpoint: {
    latest: {
      resources: [
        { urn: "urn:s", type: "pulumi:pulumi:Stack", outputs: { url: "http://here" } },
        { urn: "urn:n", type: "docker:index/network:Network", id: "n1" },
        {
          urn: "urn:pulumi:dev::shop::dockwright:platform:DockerEngine$command:local:Command::platform-daemon",
          type: "command:local:Command",
          outputs: { stdout: "A1\nbox\nssh://box" },
        },
      ],
    },
  },
});

test("a stack that lives on another daemon is neither updated nor removed, and nothing is made there", () => {
  dev("up", { STATE: RECORDED });
  const before = calls();
  for (const command of ["up", "down", "down --volumes"]) {
    const { status, err } = dev(command, { DAEMON_ID: "B2" });
    assert.equal(status, 1);
    assert.match(err, /^error: stack dev lives on another Docker daemon, nothing was changed\n/);
    assert.match(err, /it lives on: box at ssh:\/\/box \(id A1\)\n +now answers: box at unix:\S+ \(id B2\)/);
  }
  assert.equal(calls(), before);
  assert.equal(dev("up").status, 0);
});

test("losing the data of another stack takes a second word", () => {
  const env = { PULUMI_CONFIG_PASSPHRASE: "x" };
  file(join(dir, "data", "shop", "state", ".pulumi", "stacks", "shop", "prod.json"), '{"checkpoint":{}}');
  const { status, err } = dev("down prod --volumes", env);
  assert.equal(status, 1);
  assert.match(err, /destroys the data of stack prod\n +add --yes/);
  assert.doesNotMatch(calls(), /destroy/);
});

test("a lock of another machine stops an up", () => {
  dev("up");
  const lock = join(dir, "data/shop/state/.pulumi/locks/organization/shop/dev/1.json");
  const content = { pid: 1, username: "ann", timestamp: "2026-01-01T00:00:00Z" };
  file(lock, JSON.stringify({ ...content, hostname: `not-${hostname()}` }));
  assert.match(dev("up").err, /locked from another machine: process 1 of ann@not-/);
  file(lock, JSON.stringify({ ...content, pid: process.pid, hostname: hostname(), timestamp: "2099-01-01T00:00:00Z" }));
  assert.match(dev("up").err, new RegExp(`another update of stack dev is running: process ${process.pid} of ann@`));
});

test("pulumi passes everything on, for the stack that the command line names", () => {
  dev("pulumi preview --expect-no-changes");
  assert.match(calls(), /\npreview --expect-no-changes\n$/);
  assert.match(dev("pulumi up --stack prod").err, /stack prod encrypts its secrets with a passphrase/);
});

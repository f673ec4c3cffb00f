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
  'state unprotect'*) sed 's/"protect":true/"protect":false/' "$state/dev.json" >"$state/new"; mv "$state/new" "$state/dev.json" ;;
  up*) eval "\${STUB_UP:-true}" ;;
  destroy*) eval "\${STUB_DESTROY:-true}" ;;
  preview*) eval "\${STUB_PREVIEW:-true}"; echo "previewed in $PULUMI_BACKEND_URL with $PULUMI_OPTION_CONFIG_FILE" ;;
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
  'ps --quiet'*) ;;
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

const DATA = {
  ...{ urn: "urn:data", type: "docker:index/volume:Volume", id: "shop-dev-db-data", protect: true },
  inputs: { labels: [{ label: "dockwright.role", value: "data" }] },
};
const OWN_ID = {
  urn: "urn:pulumi:dev::shop::dockwright:platform:DockerEngine$command:local:Command::platform-stack-id",
  ...{ type: "command:local:Command", outputs: { stdout: "aa11" } },
};
const [STACK] = STATE.checkpoint.latest.resources;
const stateOf = (...resources: object[]): string => JSON.stringify({ checkpoint: { latest: { resources } } });
const WITH_DATA = stateOf(STACK as object, DATA, OWN_ID);
const removal = (): string => join(dir, "data", "shop", "dev.removal.json");

test("down keeps data and what is protected, with --volumes nothing stays", () => {
  dev("up", { STATE: WITH_DATA });
  const unprotected = WITH_DATA.replace('"protect":true', '"protect":false');
  file(join(dir, "data/shop/state/.pulumi/stacks/shop/dev.json"), unprotected);
  assert.equal(dev("down").status, 0);
  const excluded = `--exclude-protected --exclude urn:data --exclude ${OWN_ID.urn}`;
  assert.ok(calls().endsWith(`\ndestroy ${excluded} --yes --skip-preview --stack dev --json\n`), calls());

  file(join(dir, "data/shop/state/.pulumi/stacks/shop/dev.json"), WITH_DATA);
  file(join(dir, "left"), "c1\tshop-dev-lost\tshop\tdev\taa11\tservice\nc2\ttheirs\tshop\tdev\tbb22\tservice\n");
  const { status, out, err } = dev("down --volumes");
  assert.equal(status, 0);
  assert.match(err, /left in Docker, for it is not of this state: container theirs\n/);
  assert.match(err, /removed container shop-dev-lost\n/);
  assert.doesNotMatch(err, /removed container theirs/);
  assert.match(out, /leftovers removed from Docker/);
  assert.match(
    calls(),
    /state unprotect --all[^]*\ndestroy --yes --skip-preview --stack dev --json\nstack rm --yes --preserve-config/,
  );
  assert.ok(!existsSync(removal()));
});

test("protection comes back when down --volumes fails, and with the next command when it was killed", () => {
  dev("up", { STATE: WITH_DATA });
  assert.equal(dev("down --volumes", { STUB_DESTROY: "exit 7" }).status, 7);
  const back = "state protect urn:data --yes --stack dev --non-interactive\n";
  assert.ok(calls().endsWith(back), calls());
  assert.ok(!existsSync(removal()));

  file(join(dir, "data/shop/state/.pulumi/stacks/shop/dev.json"), WITH_DATA);
  const killed = dev("down --volumes", { STUB_DESTROY: 'kill -9 "$(cat "$DOCKWRIGHT_DATA_DIR/shop/dev.unfinished")"' });
  assert.equal(killed.status, null);
  assert.deepEqual(JSON.parse(readFileSync(removal(), "utf8")), {
    ...{ protected: ["urn:data"], stackIds: ["aa11"], dataIds: [] },
  });
  const begun = calls();
  assert.match(dev("preview").err, /down --volumes was cut off/);
  assert.doesNotMatch(calls().slice(begun.length), /state protect/);
  for (const command of ["down", "pulumi destroy"]) {
    file(removal(), JSON.stringify({ protected: ["urn:data"], stackIds: ["aa11"] }));
    const before = calls();
    dev(command);
    const after = calls().slice(before.length);
    assert.ok(after.includes(back) && after.indexOf(back) < after.search(/^destroy/m), `${command}: ${after}`);
    assert.ok(!existsSync(removal()), command);
  }
});

test("a marker of a process that lives means that an update is running, and nothing is recovered", () => {
  dev("up", { STATE: WITH_DATA });
  file(marker(), `${process.pid}\n`);
  const before = calls();
  for (const command of ["up", "down", "down --volumes"]) {
    const { status, err } = dev(command);
    assert.equal(status, 1);
    assert.match(err, new RegExp(`another update of stack dev is running: process ${process.pid} of `));
  }
  assert.equal(calls(), before);
  assert.match(dev("preview").err, new RegExp(`an update is running: process ${process.pid} of `));
});

test("objects of another state, or of a stack whose names come out the same, stop an up and nothing is removed", () => {
  dev("up", { STATE: WITH_DATA });
  const object = (id: string, project: string, stack: string, stackId: string): string =>
    `${id}\t${project}-${stack}-db-${id}\t${project}\t${stack}\t${stackId}\tservice\n`;
  file(join(dir, "left"), object("c1", "shop", "dev", "bb22") + object("c2", "shop", "dev", "aa11"));
  const before = calls();
  const theirs = dev("up", { STUB_UP: "exit 1" });
  assert.equal(theirs.status, 1);
  assert.match(
    theirs.err,
    /nothing was changed\n +names: want none but the stack's own, got container shop-dev-db-c1,/,
  );
  assert.doesNotMatch(theirs.err, /shop-dev-db-c2/);
  file(marker(), "4194000\n");
  assert.equal(dev("up").status, 1);
  assert.equal(calls(), before);

  file(join(project, "Pulumi.dev-eu.yaml"), "config: {}\n");
  file(join(dir, "left"), object("c3", "shop-dev", "eu", "cc33"));
  const { err } = dev("up dev-eu", { PULUMI_CONFIG_PASSPHRASE: "x" });
  assert.match(
    err,
    /names: want names that no other stack has, got container shop-dev-eu-db-c3.* of stack eu of shop-dev/,
  );
});

test("up --adopt gives a new state the id of what a lost one made, and a state with an id takes over nothing", () => {
  file(join(dir, "left"), "c1\tshop-dev-db\tshop\tdev\tbb22\tservice\n");
  const gone = `echo "id $DOCKWRIGHT_STACK_ID" >>"$LOG"; rm "$LEFT"`;
  const { status, out, err } = dev("up --adopt", { STUB_UP: gone });
  assert.equal(status, 0, err);
  assert.match(out, /==> adoption +bb22/);
  assert.match(err, /removed container shop-dev-db\n/);
  assert.match(calls(), /\npreview .*\nup .*\nid [0-9a-f]{16}\nbb22\n$/);
  assert.match(err, /taking over what a lost state of stack dev left/);
  assert.doesNotMatch(err, /interrupted/);
  file(join(dir, "data/shop/state/.pulumi/stacks/shop/dev.json"), WITH_DATA);
  file(join(dir, "left"), "c1\tshop-dev-db\tshop\tdev\tbb22\tservice\n");
  assert.match(dev("up --adopt").err, /has a stack of its own \(id aa11\), nothing was changed/);
  assert.match(dev("down --adopt").err, /--adopt belongs to up/);
});

test("up --adopt takes nothing away where the program does not work, or names stay taken", () => {
  file(join(dir, "left"), "c1\tshop-dev-db\tshop\tdev\tbb22\tservice\n");
  const broken = dev("up --adopt", { STUB_PREVIEW: "echo edge.publicUrl: want a URL; exit 255" });
  assert.equal(broken.status, 1);
  assert.match(broken.err, /edge\.publicUrl: want a URL\n.*was not taken over: .*nothing was changed/);
  file(join(dir, "left"), "c1\ta\tshop\tdev\tbb22\tservice\nc2\told\tshop\tdev\t\tservice\n");
  const taken = dev("up --adopt");
  assert.equal(taken.status, 1);
  assert.match(taken.err, /got container old,[^]*docker rm --force old/);
  assert.doesNotMatch(broken.err + taken.err, /removed container/);
  assert.doesNotMatch(calls(), /^up /m);
});

test("what is newer than the state is named by an up, and goes with a down", () => {
  dev("up", { STATE: WITH_DATA });
  file(join(dir, "left"), "c1\tshop-dev-worker\tshop\tdev\taa11\tservice\n");
  const { err } = dev("up", { STUB_UP: "exit 1" });
  assert.match(err, /the state is older than .*container shop-dev-worker,[^]*docker rm --force shop-dev-worker/);
  assert.doesNotMatch(err, /removed container/);
  assert.match(dev("down").err, /removed container shop-dev-worker\n/);
});

test("a removal that was killed leaves a dead lock, which goes before the protection comes back", () => {
  dev("up", { STATE: WITH_DATA.replace('"protect":true', '"protect":false') });
  file(removal(), JSON.stringify({ protected: ["urn:data"], stackIds: ["aa11"] }));
  const lock = join(dir, "data/shop/state/.pulumi/locks/organization/shop/dev/1.json");
  const held = { pid: 4194000, username: "ann", timestamp: "2026-01-01T00:00:00Z" };
  file(lock, JSON.stringify({ ...held, hostname: `not-${hostname()}` }));
  assert.match(dev("pulumi stack output").err, /locked from another machine, and not protected again/);
  assert.doesNotMatch(calls(), /state protect/);
  file(lock, JSON.stringify({ ...held, hostname: hostname() }));
  assert.equal(dev("pulumi stack output").status, 0);
  assert.match(calls(), /\ncancel --yes .*\nstate protect urn:data .*\nstack output\n$/);
});

test("a preview changes nothing: what was cut off is only told", () => {
  const pending = [{ type: "creating", resource: { urn: "urn:v", type: "t" } }];
  const latest = { resources: [STACK, OWN_ID], pending_operations: pending };
  dev("up", { STATE: JSON.stringify({ checkpoint: { latest } }) });
  file(marker(), "4194000\n");
  file(join(dir, "left"), "c1\tshop-dev-lost\tshop\tdev\taa11\tservice\n");
  const lock = join(dir, "data/shop/state/.pulumi/locks/organization/shop/dev/1.json");
  file(
    lock,
    JSON.stringify({ pid: 4194000, username: "ann", timestamp: "2026-01-01T00:00:00Z", hostname: hostname() }),
  );
  const before = calls();
  const { status, err } = dev("preview");
  assert.equal(status, 0, err);
  assert.match(err, /was interrupted, the next up clears up before it begins:\n/);
  for (const words of [
    "removes the lock of process 4194000",
    "1 operation left pending",
    "removes container shop-dev-lost",
  ])
    assert.ok(err.includes(words), err);
  assert.equal(calls().slice(before.length), "preview --stack dev\n");
  assert.ok(existsSync(marker()) && existsSync(lock));
});

test("a preview of a stack that does not exist makes none: it looks at a state of its own", () => {
  const { status, out, err } = dev("preview");
  assert.equal(status, 0, err);
  const shown = /previewed in file:\/\/(\S+)\/state\?metadata=skip with (\S+)\n/.exec(out);
  assert.ok(shown?.[2]?.startsWith(shown[1] ?? "-"), out);
  assert.ok(!existsSync(shown?.[1] ?? ""));
  assert.ok(!existsSync(join(dir, "data", "shop", "state")));
  assert.doesNotMatch(readFileSync(join(project, ".dockwright", "Pulumi.dev.yaml"), "utf8"), /encryptionsalt/);

  const prod = readFileSync(join(project, "Pulumi.prod.yaml"), "utf8");
  assert.equal(dev("preview prod", { PULUMI_CONFIG_PASSPHRASE: "x" }).status, 0);
  assert.equal(readFileSync(join(project, "Pulumi.prod.yaml"), "utf8"), prod);
});

test("a preview installs and starts no daemon", () => {
  for (const name of ["apt-get", "dockerd", "systemctl"])
    program(join(dir, "bin", name), `echo ${name} >>"$LOG"; exit 1`);
  program(join(dir, "bin", "docker"), "exit 1");
  file(join(project, "Pulumi.dev.yaml"), "config:\n  shop:images: { local: true }\n");
  const without = dev("preview");
  assert.equal(without.status, 1);
  assert.match(without.err, /a preview starts no daemon and installs none: \.\/dev up does/);
  file(join(project, ".dockwright", "images.json"), "{}");
  const { status, out, err } = dev("preview");
  assert.equal(status, 0, err);
  assert.match(out, /==> docker +none answers, images as made last/);
  assert.doesNotMatch(calls(), /apt-get|dockerd|systemctl/);
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

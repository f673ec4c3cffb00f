// The shell functions behind `dev`, with commands replaced by stubs where they would touch the machine.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";

const ROOT = join(import.meta.dirname, "..", "..");
const TOOLS = ["bash", "cat", "id", "ln", "mkdir", "mktemp", "rm", "sed", "sleep", "tail", "touch"];
let dir: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "shell-"));
  const where = (tool: string): string => spawnSync("sh", ["-c", `command -v ${tool}`], { encoding: "utf8" }).stdout;
  for (const tool of TOOLS) symlinkSync(where(tool).trim(), join(dir, tool));
});

afterEach(() => {
  rmSync(dir, { recursive: true });
});

function stub(name: string, body: string): void {
  rmSync(join(dir, name), { force: true });
  writeFileSync(join(dir, name), `#!/usr/bin/env bash\n${body}\n`);
  chmodSync(join(dir, name), 0o755);
}

interface Ran {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs code with all of dev's functions and only the stubs and a few tools on the PATH. */
function shell(code: string, env: Record<string, string> = {}): Ran {
  const load = 'set -euo pipefail; exec 3>&1; for lib in "$ROOT"/scripts/lib/*.sh; do . "$lib"; done;';
  const done = spawnSync("/bin/bash", ["-c", `${load} STACK=dev DATA_ROOT=${dir}; ${code}`], {
    encoding: "utf8",
    env: { PATH: dir, ROOT, HOME: dir, TMPDIR: dir, ...env },
  });
  return { status: done.status, out: done.stdout, err: done.stderr };
}

test("Node is recent enough from 22.18 on", () => {
  const verdict = (version: string) => shell(`node_is_recent "${version}" && echo yes || echo no`).out.trim();
  const versions = ["v24.1.0", "v22.18.0", "v22.17.9", "v20.20.2", ""];
  assert.deepEqual(versions.map(verdict), ["yes", "yes", "no", "no", "no"]);
});

test("the stack of a Pulumi command line is its --stack, else dev", () => {
  const stack = (words: string) => shell(`stack_of ${words}; echo "$STACK"`).out.trim();
  assert.equal(stack("up"), "dev");
  assert.equal(stack("up --stack staging"), "staging");
  assert.equal(stack("-s organization/shop/prod up"), "prod");
  assert.equal(stack("up --stack=prod --yes"), "prod");
  assert.equal(stack("config set key -- --stack=prod"), "dev");
  assert.equal(stack("stack init staging"), "staging");
  assert.equal(stack("stack init --secrets-provider passphrase organization/shop/prod --no-select"), "prod");
  assert.equal(stack("stack rm --yes prod"), "prod");
  assert.equal(stack("stack output url"), "dev");
});

test("Pulumi's own output is shown on request, the live view on a terminal alone", () => {
  const how = (code: string, env = {}) => shell(`COMMAND=up; ${code}; view`, env).out;
  assert.equal(how("parse_stack"), "plain\n");
  assert.equal(how("parse_stack --verbose"), "verbose\n");
  assert.equal(how("parse_stack", { DOCKWRIGHT_VERBOSE: "1" }), "verbose\n");
  assert.equal(how("parse_stack; LIVE=true"), "live\n");
  assert.equal(shell("is_live && echo live || echo not", { TERM: "xterm" }).out, "not\n");
});

test("while somebody looks on, quick phases leave no line and the one under way is overwritten", () => {
  assert.equal(shell("LIVE=true; phase quick true").out, "\x1b[K    quick\r\x1b[K");
  assert.match(shell("phase quick true").out, /^==> quick +0\.\d s\n$/);
});

test("exports survive any character", () => {
  const { out } = shell(`eval "$(export_line X "a'b \\$c")"; printf '%s' "$X"`);
  assert.equal(out, "a'b $c");
});

test("bounded ends what takes too long and keeps exit codes", () => {
  assert.equal(shell("bounded 1 sleep 30 || echo $?").out, "124\n");
  assert.equal(shell("bounded 5 bash -c 'exit 7' || echo $?").out, "7\n");
});

test("a DOCKER_HOST that does not answer is said, and nothing is installed", () => {
  stub("docker", 'echo "Cannot connect to the Docker daemon" >&2; exit 1');
  stub("apt-get", `touch ${dir}/installed`);
  const { status, err } = shell("may_install_docker() { true; }; resolve_docker_host; ensure_docker", {
    DOCKER_HOST: "tcp://127.0.0.1:1",
  });
  assert.equal(status, 1);
  assert.match(err, /^error: no Docker daemon answers at DOCKER_HOST \(tcp:\/\/127\.0\.0\.1:1\): Cannot connect/);
  assert.equal(shell(`test ! -e ${dir}/installed`).status, 0);
});

test("the stack's docker.host wins over DOCKER_HOST", () => {
  stub("docker", "exit 0");
  const { out } = shell('STACK_DOCKER_HOST=ssh://host; resolve_docker_host; echo "$DOCKER_HOST $DOCKER_FROM"', {
    DOCKER_HOST: "tcp://127.0.0.1:1",
  });
  assert.equal(out, "ssh://host docker.host of stack dev (ssh://host)\n");
});

test("the current context is resolved unless it is the default socket", () => {
  const resolve = 'resolve_docker_host; echo "${DOCKER_HOST:-none}"';
  stub("docker", "echo unix:///var/run/docker.sock");
  assert.equal(shell(resolve).out, "none\n");
  stub("docker", "echo unix:///home/ann/.colima/docker.sock");
  assert.equal(shell(resolve).out, "unix:///home/ann/.colima/docker.sock\n");
});

test("without a daemon and without the right to install one, it says what to install", () => {
  const { status, err } = shell("may_install_docker() { false; }; resolve_docker_host; ensure_docker");
  assert.equal(status, 1);
  assert.match(err, /docker/i);
  assert.match(err, /\n {7}(install|start)/);
});

test("without a daemon root on Debian installs and starts one", () => {
  stub("docker", `[ -e ${dir}/running ] && [ "$1" = info ] && echo 20.10 A1 || exit 1`);
  stub("apt-get", `[ "$1" = update ] || ln -s ${dir}/later ${dir}/dockerd`);
  stub("later", `touch ${dir}/running`);
  stub("setsid", 'exec "$@"');
  stub("systemctl", "exit 1");
  const { status, out, err } = shell(
    'may_install_docker() { true; }; resolve_docker_host; ensure_docker; echo "$DETAIL"',
  );
  assert.equal(err, "");
  assert.equal(status, 0);
  assert.match(out, /installing Docker[^]*starting the Docker daemon\n20\.10 at the default socket\n/);
});

test("a package that cannot be installed shows the last lines of apt-get", () => {
  stub("docker", "exit 1");
  stub("apt-get", 'echo "E: Unable to locate package $*"; exit 100');
  const { status, err } = shell("may_install_docker() { true; }; resolve_docker_host; ensure_docker");
  assert.equal(status, 1);
  assert.match(err, /E: Unable to locate[^]*error: apt-get could not install docker.io iptables/);
});

test("named images cost one question when the daemon has them, and none without a daemon", () => {
  stub("docker", `echo "$*" >>${dir}/asked`);
  const setup = (option: string) =>
    shell(`STACK=prod IMAGES_LOCAL='' IMAGES_NAMED='a@sha256:1 b@sha256:2'; setup_images ${option}; echo "$DETAIL"`);
  assert.equal(setup("").out, "as named in Pulumi.prod.yaml\n");
  assert.equal(shell(`test ! -e ${dir}/asked`).status, 0);
  assert.equal(setup("--daemon").out, "as named in Pulumi.prod.yaml\n");
  assert.equal(shell(`cat ${dir}/asked`).out, "image inspect --format {{.Id}} a@sha256:1 b@sha256:2\n");
});

test("only the images that a project needs are made, and the application only where its base is", () => {
  mkdirSync(join(dir, "root", "images"), { recursive: true });
  stub("root/images/ensure.sh", 'echo "made $*"');
  const make = (needed: string) =>
    shell(`
      node_script() { case $2 in names) echo ${needed} ;; *) echo "wrote \${4##*/} with [$5]" ;; esac; }
      build_app() { echo built >&2; echo sha256:app; }
      ROOT=${dir}/root WORK_DIR=${dir}/work PROJECT_DIR=${dir}; make_images; echo "$DETAIL"`);
  const base = join(dir, "work", "base-images.json");
  const made = (needed: string, app: string) => `made ${base} ${needed}\nwrote images.json with [${app}]\n`;
  assert.deepEqual(make("'files nats node'"), {
    status: 0,
    out: made("files nats node", "sha256:app"),
    err: "built\n",
  });
  assert.deepEqual(make("'files nats'"), { status: 0, out: made("files nats", ""), err: "" });
});

test("an unknown option and a second stack are refused", () => {
  assert.match(shell("COMMAND=up; parse_stack --force").err, /up knows no option --force/);
  assert.match(shell("COMMAND=up; parse_stack a b").err, /takes one stack, got a and b/);
  assert.match(shell("COMMAND=up; parse_stack --volumes").err, /--volumes belongs to down/);
  assert.match(shell("COMMAND=env; parse_stack --verbose").err, /--verbose belongs to up and down/);
  assert.equal(shell('COMMAND=down; parse_stack prod --volumes; echo "$STACK $VOLUMES $YES"').out, "prod true false\n");
});

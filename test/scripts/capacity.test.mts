// What the host says to a stack: first the judgement alone, then the whole script before `up` and `preview`, with a stub
// for Docker.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { judgeCapacity } from "../../scripts/lib/doctor/capacity.mts";
import type { Daemon } from "../../scripts/lib/doctor/daemon.mts";
import { otherStacks, parseUsage } from "../../scripts/lib/doctor/neighbours.mts";
import { hostPorts } from "../../scripts/lib/doctor/port.mts";
import { judgeSource } from "../../scripts/lib/doctor/source.mts";
import type { Need } from "../../scripts/lib/doctor/needs.mts";

const ROOT = join(import.meta.dirname, "..", "..");
const GIB = 1024 ** 3;

const daemon = { cpus: 4, memoryBytes: 4 * GIB } as Daemon;
const need = (change: Partial<Need>): Need => ({
  ...{ service: "api", replicas: 1, cpus: 1, memoryMiB: 512, leastMiB: 256, overlap: false },
  ...change,
});
const usage = (line: string) => [parseUsage(line)];
const other = usage(`shop\tprod\t2000000000\t${2 * GIB}\t${GIB}`);

function said(needs: readonly Need[], others = other): string[] {
  const findings = judgeCapacity(needs, others, daemon, "dev").filter(({ mark }) => mark !== "ok");
  return findings.map(({ mark, name, text, fix }) => `${mark} ${name}: ${text} | ${fix}`);
}

test("what fits is no problem, with all CPUs and all memory in use", () => {
  assert.deepEqual(said([need({ cpus: 2, memoryMiB: 2048, leastMiB: 1536, overlap: true })]), []);
});

test("a single limit above the host is refused", () => {
  assert.deepEqual(
    said([need({ cpus: 4.5, memoryMiB: 4097 })], []).filter((line) => line.startsWith("missing")),
    [
      "missing limits.api.cpus: want at most 4, the CPUs of Docker's host, got 4.5 | ./dev pulumi config set --path limits.api.cpus 4 --stack dev",
      "missing limits.api.memoryMiB: want at most 4096, the memory of Docker's host in MiB, got 4097 | ./dev pulumi config set --path limits.api.memoryMiB 4096 --stack dev",
    ],
  );
});

test("reservations of all stacks and of both versions in an update are refused above the host", () => {
  const fix = "give the host (on macOS: the VM) more memory, or lower reservations, first ./dev pulumi config set";
  assert.deepEqual(said([need({ leastMiB: 1024, replicas: 2, overlap: true })]), [
    "missing limits.*.memoryReservationMiB: want at most 4.0 GiB in all, the memory of Docker's host, got 5.0 GiB: " +
      "2.0 GiB and 2.0 GiB while an update runs old and new side by side of this stack, 1.0 GiB of 1 other | " +
      `${fix} --path limits.api.memoryReservationMiB MIB --stack dev`,
  ]);
  assert.deepEqual(said([need({ leastMiB: 1024, replicas: 2 })]), []);
  assert.deepEqual(said([need({ leastMiB: 1024, overlap: true })], []), []);
});

test("limits that are together above the host are warned about", () => {
  assert.deepEqual(said([need({ cpus: 0.75, replicas: 3, memoryMiB: 1024 })]), [
    "note limits.*.cpus: all limits together are 4.25 CPUs (2.25 of this stack, 2 of 1 other), Docker's host has 4: " +
      "under full load all of it slows down | lower limits.<service>.cpus, or give the host more CPUs",
    "note limits.*.memoryMiB: all limits together are 5.0 GiB (3.0 GiB of this stack, 2.0 GiB of 1 other), Docker's host " +
      "has 4.0 GiB: under full load something is killed | lower limits.<service>.memoryMiB, or give the host more memory",
  ]);
});

test("containers are added up by stack, without the own one", () => {
  const line = (project: string, stack: string) => parseUsage(`${project}\t${stack}\t500000000\t${GIB}\t0`);
  const all = [line("shop", "dev"), line("shop", "prod"), line("shop", "prod"), line("news", "dev")];
  assert.deepEqual(otherStacks(all, { project: "shop", stack: "dev" }), [
    { project: "shop", stack: "prod", cpus: 1, memoryMiB: 2048, reservedMiB: 0 },
    { project: "news", stack: "dev", cpus: 0.5, memoryMiB: 1024, reservedMiB: 0 },
  ]);
});

test("all ports that the settings publish, with their addresses", () => {
  const edge = { httpPort: 80, httpsPort: 443, bindAddress: "0.0.0.0" };
  assert.deepEqual(hostPorts({ edge, hostPorts: { api: 8000 } }), [
    { path: "edge.httpPort", port: 80, address: "0.0.0.0" },
    { path: "edge.httpsPort", port: 443, address: "0.0.0.0" },
    { path: "hostPorts.api", port: 8000, address: "127.0.0.1" },
  ]);
  assert.deepEqual(hostPorts({}), []);
});

test("mounted source and a daemon elsewhere", () => {
  const source = { mounted: true };
  assert.deepEqual(judgeSource({ source }, "unix:///var/run/docker.sock", "dev"), []);
  assert.deepEqual(judgeSource({}, "ssh://host", "dev"), []);
  const [found] = judgeSource({ source }, "ssh://host", "dev");
  assert.equal(found?.mark, "missing");
  assert.equal(
    found.text,
    "want false, since the daemon at ssh://host cannot see the folders of this machine, got true",
  );
});

let dir: string;

/** Docker as the scripts ask it: `docker COMMAND`, with an answer for each. */
function docker(answers: Record<string, string>): void {
  const cases = Object.entries(answers).map(([start, text]) => `"${start}"*) printf '%b' '${text}' ;;`);
  const file = join(dir, "bin", "docker");
  writeFileSync(file, `#!/bin/sh\ncase "$*" in ${cases.join(" ")} esac\n`);
  chmodSync(file, 0o755);
}

const INFO = JSON.stringify({
  ...{ ID: "this", OSType: "linux", NCPU: 4, MemTotal: 4 * GIB, Name: "far", KernelVersion: "1" },
  ...{ MemoryLimit: true, SwapLimit: true, CpuCfsQuota: true, PidsLimit: true },
});
const VERSION = JSON.stringify({ Server: { Version: "26.1.5", ApiVersion: "1.45", Arch: "amd64" } });
const DAEMON = { info: INFO, version: VERSION };

const SETTINGS = `import { z } from "zod";
const api = z.object({ cpus: z.number().default(1), memoryMiB: z.int().min(8).default(64) }).prefault({});
export const schema = z.object({ limits: z.object({ api }).prefault({}) });`;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "capacity-"));
  mkdirSync(join(dir, "bin"));
  symlinkSync(join(ROOT, "node_modules"), join(dir, "node_modules"));
  writeFileSync(join(dir, "Pulumi.yaml"), "name: shop\nruntime: nodejs\n");
  writeFileSync(join(dir, "settings.ts"), SETTINGS);
});
afterEach(() => {
  rmSync(dir, { recursive: true });
});

function preflight(config: string, option = ""): { status: number | null; out: string; err: string } {
  writeFileSync(join(dir, "Pulumi.dev.yaml"), `config:\n${config}\n`);
  const env = {
    PATH: `${join(dir, "bin")}:${process.env["PATH"]}`,
    HOME: dir,
    PULUMI_BACKEND_URL: `file://${dir}/state`,
  };
  const args = [join(ROOT, "scripts", "preflight.mts"), dir, "dev", "", option];
  const done = spawnSync(process.execPath, args, { encoding: "utf8", env });
  return { status: done.status, out: done.stdout, err: done.stderr };
}

/** A state that records the daemon on which the stack lives. */
function recordDaemon(id: string): void {
  const folder = join(dir, "state", ".pulumi", "stacks", "shop");
  mkdirSync(folder, { recursive: true });
  const urn = "urn:pulumi:dev::shop::dockwright:platform:DockerEngine$command:local:Command::platform-daemon";
  const record = { urn, type: "command:local:Command", outputs: { stdout: id } };
  const network = {
    urn: "urn:pulumi:dev::shop::docker:index/network:Network::public",
    type: "docker:Network",
    id: "n",
  };
  writeFileSync(join(folder, "dev.json"), JSON.stringify({ checkpoint: { latest: { resources: [record, network] } } }));
}

test("before an up all of it is told at once: limits, neighbours and each port", async () => {
  const ps = "web\\t0.0.0.0:8443->8443/tcp\\tnews\\tprod\\n";
  const inspected = `news\\tprod\\t1000000000\\t${GIB}\\t${4 * GIB}\\n`;
  docker({ ...DAEMON, "ps --quiet": "abc\\n", "inspect --format": inspected, "ps --format": ps });
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as { port: number };
  const edge = "  shop:edge: { httpPort: 70000, httpsPort: 8443 }\n";
  const { status, err } = preflight(`${edge}  shop:hostPorts: { api: ${port} }\n  shop:limits: { api: { cpus: 5 } }`);
  server.close();
  assert.equal(status, 1);
  const said = err.split("\n").filter((line) => !line.includes("fix:"));
  assert.ok(said.includes("error: stack dev of shop cannot run here: 5 problems, nothing was changed"), err);
  assert.match(err, /limits\.api\.cpus: want at most 4, the CPUs of Docker's host, got 5\n/);
  assert.match(
    err,
    /limits\.\*\.memoryReservationMiB: want at most 4\.0 GiB in all, .* got 4\.0 GiB: 8 MiB of this stack, 4\.0 GiB of 1 other\n/,
  );
  assert.match(err, /edge\.httpPort: want a port number from 1 to 65535, got 70000\n/);
  assert.match(
    err,
    /edge\.httpsPort: want port 8443 free, but port 8443 is in use by container web of project news, stack prod\n/,
  );
  assert.match(err, new RegExp(`hostPorts\\.api: want port ${port} free, but port ${port} is in use by `));
  assert.match(err, /limits\.\*\.cpus: all limits together are 6 CPUs \(5 of this stack, 1 of 1 other\)/);
});

test("a preview is told the same of the stack's own daemon", () => {
  docker(DAEMON);
  recordDaemon("this");
  const { status, err } = preflight("  shop:limits: { api: { memoryMiB: 5000 } }", "--preview");
  assert.equal(status, 1);
  assert.match(err, /limits\.api\.memoryMiB: want at most 4096, the memory of Docker's host in MiB, got 5000\n/);
});

test("a preview goes on without a daemon and beside another one, and says so; an up does not", () => {
  const tooMuch = "  shop:limits: { api: { cpus: 5 } }";
  docker({ info: "" });
  const silent = preflight(tooMuch, "--preview");
  assert.equal(silent.status, 0, silent.err);
  assert.equal(silent.out, "skipped\n");
  assert.match(silent.err, /^ {4}the checks of the host were skipped: no Docker daemon answers \(.+\)\n$/);
  assert.equal(preflight(tooMuch).status, 1);

  docker(DAEMON);
  recordDaemon("other");
  const elsewhere = preflight(tooMuch, "--preview");
  assert.equal(elsewhere.status, 0, elsewhere.err);
  assert.match(elsewhere.err, /skipped: the stack runs on another Docker daemon than the one that answers here\n$/);
});

// engine/ensure.sh and a release site that serves archives in the released layout, made of real binaries: those of the
// engine that this machine has (it is made first where there is none).
import assert from "node:assert/strict";
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, beforeEach, test } from "node:test";
import { ReleaseServer } from "./support/release-server.mts";

const ENSURE = join(import.meta.dirname, "..", "..", "engine", "ensure.sh");
const VERSION = "3.258.0";
const PLUGINS = { docker: "5.2.0", random: "4.21.2", command: "1.2.1" };
const OS = process.platform;
const ARCH = process.arch === "arm64" ? "arm64" : "amd64";
const CLI = `pulumi-v${VERSION}-${OS}-${ARCH === "amd64" ? "x64" : "arm64"}.tar.gz`;

let dir: string;
let site: ReleaseServer;

const pluginArchive = (name: keyof typeof PLUGINS) => `pulumi-resource-${name}-v${PLUGINS[name]}-${OS}-${ARCH}.tar.gz`;
const sumsFile = (name: keyof typeof PLUGINS) => `pulumi-${name}_${PLUGINS[name]}_checksums.txt`;

function pack(archive: string, folder: string, entry: string): void {
  execFileSync("sh", ["-c", 'tar -cf - -C "$1" -- "$3" | gzip -1 >"$2"', "sh", folder, archive, entry]);
}

function sum(algorithm: "sha1" | "sha256", file: string): string {
  return createHash(algorithm).update(readFileSync(file)).digest("hex");
}

/** The folders `sdk` and `plugins` of get.pulumi.com/releases, for this machine's system. */
function makeReleases(home: string, root: string): void {
  const sdk = join(root, "sdk");
  const plugins = join(root, "plugins");
  mkdirSync(sdk, { recursive: true });
  mkdirSync(plugins);
  cpSync(join(home, "bin"), join(dir, "staged", "pulumi"), { recursive: true });
  pack(join(sdk, CLI), join(dir, "staged"), "pulumi");
  const others = [`${"0".repeat(64)}  pulumi-v${VERSION}-plan9-x64.tar.gz`];
  writeFileSync(
    join(sdk, `pulumi-${VERSION}-checksums.txt`),
    [...others, `${sum("sha256", join(sdk, CLI))}  ${CLI}\n`].join("\n"),
  );
  for (const name of ["docker", "random", "command"] as const) {
    const archive = pluginArchive(name);
    const installed = join(home, "plugins", `resource-${name}-v${PLUGINS[name]}`);
    pack(join(plugins, archive), installed, `pulumi-resource-${name}`);
    // Bridged plugins come with SHA-1 over ./NAME, the others with SHA-256 over NAME.
    const algorithm = name === "command" ? "sha256" : "sha1";
    const listed = name === "command" ? archive : `./${archive}`;
    writeFileSync(join(plugins, sumsFile(name)), `${sum(algorithm, join(plugins, archive))}  ${listed}\n`);
  }
}

interface Ran {
  readonly status: number;
  readonly home: string;
  readonly said: string;
}

/** Runs ensure.sh with a cache of its own, and a Go that is too old, so that nothing is ever built here. */
function ensure(cache: string, env: Record<string, string> = {}): Promise<Ran> {
  const child = spawn(ENSURE, [], {
    env: {
      ...process.env,
      PATH: `${join(dir, "bin")}:${process.env["PATH"]}`,
      DOCKWRIGHT_CACHE_DIR: join(dir, cache),
      DOCKWRIGHT_PULUMI_RELEASES_URL: site.url,
      DOCKWRIGHT_ENGINE: "",
      ...env,
    },
    timeout: 120_000,
  });
  let home = "";
  let said = "";
  child.stdout.on("data", (chunk: Buffer) => (home += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
  return new Promise((resolve) =>
    child.on("close", (status) => resolve({ status: status ?? 128, home: home.trim(), said })),
  );
}

const NEEDS_GO = /is built from Go modules\nengine: building Pulumi needs Go 1\.25 or newer, and this is go1\.17/;

/** This machine's engine; `./dev test` has made it before, unless it could not. */
const own = spawnSync(ENSURE, [], { encoding: "utf8", timeout: 1_800_000 });
const skip =
  own.status === 0 ? false : `there is no engine to make archives of: ${own.stderr.trim().split("\n").at(-1)}`;

before(async () => {
  if (skip) return;
  dir = mkdtempSync(join(tmpdir(), "official-"));
  makeReleases(own.stdout.trim(), join(dir, "releases"));
  mkdirSync(join(dir, "bin"));
  writeFileSync(join(dir, "bin", "go"), "#!/bin/sh\necho go1.17\n");
  chmodSync(join(dir, "bin", "go"), 0o755);
  site = await ReleaseServer.start(join(dir, "releases"));
});

beforeEach(() => skip || site.reset());

after(() => {
  if (skip) return;
  site.stop();
  rmSync(dir, { recursive: true, force: true });
});

test("the released archives make a working engine, though the first transfer breaks half-way", { skip }, async () => {
  site.reset({ [CLI]: { cutTimes: 1 } });
  const { status, home, said } = await ensure("whole");
  assert.equal(status, 0, said);
  assert.match(said, new RegExp(`using the official Pulumi ${VERSION}: ${site.url} answers`));
  assert.ok(site.requests.some((line) => new RegExp(`^GET /sdk/${CLI} bytes=[1-9]\\d*-$`).test(line)));
  assert.doesNotMatch(said, /no checksums/);
  const pulumi = (...args: string[]) =>
    execFileSync(join(home, "bin", "pulumi"), args, {
      encoding: "utf8",
      env: {
        PATH: process.env["PATH"],
        HOME: dir,
        PULUMI_HOME: home,
        PULUMI_SKIP_UPDATE_CHECK: "true",
      },
    });
  assert.equal(pulumi("version").trim(), `v${VERSION}`);
  const schema = JSON.parse(pulumi("package", "get-schema", "docker@5.2.0")) as Record<string, object>;
  assert.ok("docker:index/container:Container" in (schema["resources"] ?? {}));
  assert.equal(readFileSync(join(home, ".ready"), "utf8").trim(), "official");
});

test("a second call asks nobody and says nothing", { skip }, async () => {
  const { home, said } = await ensure("whole");
  assert.ok(existsSync(join(home, "bin", "pulumi")));
  assert.equal(said, "");
  assert.deepEqual(site.requests, []);
});

test("a transfer that always breaks is given up, and the engine is built instead", { skip }, async () => {
  site.reset({ [CLI]: { cutTimes: 99 } });
  const { status, said } = await ensure("cut");
  assert.equal(status, 1);
  assert.match(said, /failed after \d+ s: downloading Pulumi/);
  assert.match(said, NEEDS_GO);
  assert.deepEqual(
    readdirSync(join(dir, "cut", "engine")).filter((name) => !name.endsWith(".log")),
    [],
  );
});

test("an archive that is not the released one is refused", { skip }, async () => {
  const sums = join(dir, "releases", "sdk", `pulumi-${VERSION}-checksums.txt`);
  const right = readFileSync(sums, "utf8");
  writeFileSync(sums, `${"ab".repeat(32)}  ${CLI}\n`);
  const asked = await ensure("wrong", { DOCKWRIGHT_ENGINE: "official" });
  const free = await ensure("wrong");
  writeFileSync(sums, right);
  assert.equal(asked.status, 1);
  assert.match(asked.said, new RegExp(`${CLI} is not what was released: want checksum (ab){32}, got [0-9a-f]{64}`));
  assert.doesNotMatch(asked.said, /Go modules/);
  assert.match(free.said, NEEDS_GO);
});

test("a plugin whose SHA-1 is another is refused", { skip }, async () => {
  const sums = join(dir, "releases", "plugins", sumsFile("docker"));
  const right = readFileSync(sums, "utf8");
  writeFileSync(sums, `${"cd".repeat(20)}  ./${pluginArchive("docker")}\n`);
  const { status, said } = await ensure("plugin", {
    DOCKWRIGHT_ENGINE: "official",
  });
  writeFileSync(sums, right);
  assert.equal(status, 1);
  assert.match(said, /pulumi-resource-docker-.* is not what was released: want checksum (cd){20}, got [0-9a-f]{40}/);
});

test("a plugin that is missing names its address, and the engine is built instead", { skip }, async () => {
  site.reset({ "pulumi-resource-docker": "missing" });
  const { status, said } = await ensure("missing");
  assert.equal(status, 1);
  assert.match(said, new RegExp(`${site.url}/plugins/${pluginArchive("docker")}[^]*404[^]*`));
  assert.match(said, NEEDS_GO);
});

test("a site that does not answer is said, and nothing is downloaded", { skip }, async () => {
  const { status, said } = await ensure("silent", {
    DOCKWRIGHT_PULUMI_RELEASES_URL: "http://127.0.0.1:9",
  });
  assert.equal(status, 1);
  assert.match(said, /building Pulumi .* from Go modules: http:\/\/127\.0\.0\.1:9 does not answer within 5 s/);
});

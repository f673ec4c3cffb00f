import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import {
  backendFolder,
  debrisOf,
  hasDamagedLock,
  readLocks,
  readState,
  removeDebris,
} from "../../scripts/lib/backend.mts";
import { holderOf, type Lock, parseElapsed } from "../../scripts/lib/locks.mts";
import { parseProcesses, remains } from "../../scripts/lib/processes.mts";
import { parseState } from "../../scripts/lib/state.mts";

const lock: Lock = { pid: 42, username: "ann", hostname: "here", timestamp: "2026-11-01T10:00:00.5+01:00" };
const taken = Date.parse(lock.timestamp);

test("a lock is dead only when its process of this host is gone", () => {
  const machine = (start?: number) => ({ hostname: "here", startOf: () => start });
  assert.equal(holderOf(lock, machine()), "dead");
  assert.equal(holderOf(lock, machine(taken - 60_000)), "alive");
  assert.equal(holderOf(lock, machine(taken + 1_000)), "alive", "ps rounds to seconds");
  assert.equal(holderOf(lock, machine(taken + 60_000)), "dead", "another process has got its number");
  assert.equal(holderOf(lock, { hostname: "there", startOf: () => undefined }), "foreign");
});

test("elapsed times of ps", () => {
  assert.equal(parseElapsed("   01:05\n"), 65_000);
  assert.equal(parseElapsed("02:00:01"), 7_201_000);
  assert.equal(parseElapsed("1-00:00:00"), 86_400_000);
  assert.equal(parseElapsed(""), undefined);
});

const PS = `
    1     0 /sbin/init
   10     1 bash
   20    10 /home/x/bin/pulumi up --yes
   21    20 /home/x/bin/pulumi-language-nodejs 127.0.0.1:1
   22    21 node /w/node_modules/@pulumi/pulumi/cmd/run/index.js --stack dev .
   30     1 /home/x/bin/pulumi-resource-docker 127.0.0.1:2
   31     1 /home/x/bin/pulumi-resource-command 127.0.0.1:2
   32    31 /bin/sh -c docker exec -i c psql
   33    32 docker exec -i c psql
   34     1 node /w/node_modules/@pulumi/pulumi/cmd/run --stack dev .
   35     1 node /w/server.js
   36     1 /usr/bin/vim pulumi-resource-docker.go
   40     1 /home/x/bin/pulumi-resource-random 127.0.0.1:9
`;

test("the remains of a dead CLI are its plugins and program with their children, never those of a living one", () => {
  const found = remains(parseProcesses(PS), (pid) => pid !== 40);
  assert.deepEqual(found.map(({ pid }) => pid).sort(), [30, 31, 32, 33, 34]);
  const order = found.map(({ pid }) => pid);
  assert.ok(order.indexOf(33) < order.indexOf(31), "children first");
});

const latest = {
  resources: [
    { urn: "urn:stack", type: "pulumi:pulumi:Stack", outputs: { url: "http://x" } },
    { urn: "urn:c", type: "docker:index/container:Container", id: "abc" },
  ],
  pending_operations: [{ type: "creating", resource: { urn: "urn:v", type: "docker:index/volume:Volume" } }],
};

test("the state is read from a checkpoint and from an export alike", () => {
  for (const file of [{ checkpoint: { latest } }, { deployment: latest }]) {
    const state = parseState(JSON.stringify(file));
    assert.deepEqual([...state.ids], ["abc"]);
    assert.deepEqual(state.pending, ["creating urn:v"]);
    assert.deepEqual(state.outputs, { url: "http://x" });
  }
});

test("a stack without any update has an empty state", () => {
  assert.equal(parseState('{"version":3,"checkpoint":{"stack":"s"}}').resources, 0);
  assert.equal(parseState('{"version":3,"checkpoint":{"latest":null}}').resources, 0);
});

test("only a folder backend has a folder", () => {
  assert.equal(backendFolder("file:///a/b%20c?no_tmp_dir=true"), "/a/b c");
  assert.equal(backendFolder("s3://bucket/x"), undefined);
  assert.equal(backendFolder("file://~"), undefined);
});

test("half-written files of this stack go, everything else stays", () => {
  const dir = mkdtempSync(join(tmpdir(), "backend-"));
  const stacks = join(dir, ".pulumi", "stacks", "shop");
  const locks = join(dir, ".pulumi", "locks", "organization", "shop", "dev");
  mkdirSync(stacks, { recursive: true });
  mkdirSync(locks, { recursive: true });
  const files = {
    "dev.json": JSON.stringify({ checkpoint: { latest } }),
    "dev.json.attrs": "",
    "dev.json.bak.attrs": "{}",
    "dev.json.18ea.tmp": "{",
    "other.json.attrs": "",
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(stacks, name), text);
  writeFileSync(join(locks, "a.json"), JSON.stringify(lock));
  writeFileSync(join(locks, "a.json.attrs"), '{"user');
  const [url, id] = [`file://${dir}?metadata=skip`, { project: "shop", stack: "dev" }];
  assert.deepEqual(debrisOf(url, id).sort(), ["a.json.attrs", "dev.json.18ea.tmp", "dev.json.attrs"]);
  assert.deepEqual(removeDebris(url, id).sort(), ["a.json.attrs", "dev.json.18ea.tmp", "dev.json.attrs"]);
  assert.deepEqual(readdirSync(stacks).sort(), ["dev.json", "dev.json.bak.attrs", "other.json.attrs"]);
  assert.deepEqual(readLocks(url, id), [lock]);
  assert.deepEqual(readState(url, id)?.pending, ["creating urn:v"]);
  assert.equal(readState(url, { project: "shop", stack: "none" }), undefined);
  const half = join(locks, "b.json");
  writeFileSync(half, '{"pid":4');
  assert.deepEqual(readLocks(url, id), [lock]);
  assert.equal(hasDamagedLock(url, id), false, "it may be being written right now");
  utimesSync(half, new Date(0), new Date(0));
  assert.equal(hasDamagedLock(url, id), true);
  assert.deepEqual(removeDebris(url, id), ["b.json"]);
  writeFileSync(join(stacks, "dev.json"), "{");
  assert.throws(() => readState(url, id), /dev\.json is damaged/);
  rmSync(dir, { recursive: true });
});

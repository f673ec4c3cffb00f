// Whose objects in Docker are, who is at work, and what goes with a stack.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { Labelled } from "../../scripts/lib/docker.mts";
import { isData, keptResources } from "../../scripts/lib/kept.mts";
import { lostIdOf } from "../../scripts/lib/adoption.mts";
import {
  foreignProblems,
  foreignTo,
  isOwn,
  NOBODY,
  orphans,
  type Owner,
  ownerOf,
} from "../../scripts/lib/ownership.mts";
import { forgetRemoval, protect, readRemoval, unprotect } from "../../scripts/lib/removal.mts";
import { atWork, readMarker } from "../../scripts/lib/running.mts";
import { parseState } from "../../scripts/lib/state.mts";

const stack = { project: "shop", stack: "prod-eu" };
const item = (kind: Labelled["kind"], id: string, role: string, stackId = "", of = stack): Labelled => ({
  ...{ kind, id, name: id, role, stackId, project: of.project, stack: of.stack },
});
const owner: Owner = { ...NOBODY, ids: new Set(["known", "known-data", "known-file"]), stackIds: ["aa"] };
const ids = (items: readonly Labelled[]): string[] => items.map(({ id }) => id);

test("what bears the stack's id is its own, and what its state knows from before there were ids", () => {
  assert.equal(isOwn(item("container", "lost", "service", "aa"), owner), true);
  assert.equal(isOwn(item("container", "known", "service"), owner), true);
  assert.equal(isOwn(item("volume", "known-data", "data"), owner), true);
  assert.equal(isOwn(item("container", "lost", "service"), owner), false);
  assert.equal(isOwn(item("container", "lost", "service", "bb"), owner), false);
  assert.equal(isOwn(item("volume", "known-data", "data", "bb"), owner), false, "made anew by somebody under its name");
  assert.equal(isOwn(item("container", "c", "service"), NOBODY), false, "no id is no id of anybody");
});

test("orphans are the owner's, unknown to the state, and data is never one", () => {
  const labelled = [
    item("container", "known", "service", "aa"),
    item("container", "lost", "service", "aa"),
    item("container", "another's", "service", "bb"),
    item("container", "nobody's", "service"),
    item("network", "net", "network", "aa"),
    item("volume", "data", "data", "aa"),
    item("volume", "unlabelled", "", "aa"),
    item("volume", "files", "files", "aa"),
  ];
  assert.deepEqual(ids(orphans(labelled, owner)), ["lost", "net", "files"]);
});

test("others are those of the same name with another id, and those whose names come out the same", () => {
  const twin = { project: "shop-prod", stack: "eu" };
  const neighbour = { project: "shop", stack: "prod" };
  const all = [
    item("container", "known", "service"),
    item("container", "theirs", "service", "bb"),
    item("container", "old", "service"),
    item("volume", "data-of-old", "data"),
    item("volume", "data-of-theirs", "data", "bb"),
    item("volume", "known-file", "config", "bb"),
    item("container", "twin", "service", "cc", twin),
    item("container", "neighbour", "service", "dd", neighbour),
    item("volume", "known-data", "data", "dd", neighbour),
  ];
  const foreign = foreignTo(stack, owner, all);
  const { namesakes, homonyms, claimed } = foreign;
  assert.deepEqual(ids(namesakes), ["theirs", "old", "data-of-old", "data-of-theirs", "known-file"]);
  assert.deepEqual(ids(homonyms), ["twin"]);
  assert.deepEqual(ids(claimed), ["known-data", "known-file"]);

  const text = foreignProblems(stack, foreign).map((each) => `${each.text}\n${each.fix}`);
  assert.equal(text.length, 5);
  assert.match(
    text[0] ?? "",
    /got container theirs, .*another state's stack prod-eu of shop \(id bb\)\n.*up prod-eu --adopt/,
  );
  assert.match(
    text[1] ?? "",
    /got container old: of prod-eu of shop, and unknown to this state\n.*docker rm --force old$/,
  );
  assert.match(text[2] ?? "", /got volume data-of-old: data of .*\n.*is that state lost: \.\/dev up prod-eu --adopt$/);
  assert.match(text[3] ?? "", /want volumes of the stack's own, got volume known-data of stack prod of shop\n/);
  assert.match(text[4] ?? "", /got container twin of stack eu of shop-prod\n.*begin their names with shop-prod-eu$/);
  assert.deepEqual(foreignProblems(stack, foreignTo(stack, owner, all.slice(0, 1))), []);
});

const noProblems = (owner: Owner, all: readonly Labelled[]) =>
  assert.deepEqual(foreignProblems(stack, foreignTo(stack, owner, all)), []);

test("data without an id is the state's that knows it; any other state is refused, but to adopt it", () => {
  const data = [item("volume", "known-data", "data")];
  noProblems(owner, data);
  assert.deepEqual(ids(foreignTo(stack, NOBODY, data).namesakes), ["known-data"]);
  noProblems({ ...NOBODY, adopts: true }, data);
  assert.deepEqual(ids(foreignTo(stack, { ...NOBODY, adopts: true }, [item("network", "n", "network")]).namesakes), [
    "n",
  ]);
});

test("after an adoption the former state is refused, up and down, and the new one has the data", () => {
  const all = [item("container", "now", "service", "bb"), item("volume", "known-data", "data", "aa")];
  const former = foreignTo(stack, { ...owner, volumeIds: ["aa"] }, all);
  assert.deepEqual([ids(former.namesakes), ids(former.disputed)], [["now"], ["known-data"]]);
  const unmarked = foreignTo(stack, owner, [
    item("container", "now", "service", "bb"),
    item("volume", "known-data", "data"),
  ]);
  assert.deepEqual(ids(unmarked.disputed), ["known-data"]);
  const adopter = { ...NOBODY, ids: new Set(["now"]), stackIds: ["bb"], dataIds: ["aa"] };
  noProblems(adopter, all);
  assert.deepEqual(ids(foreignTo(stack, adopter, all).disputed), []);
  assert.equal(isOwn(item("container", "theirs", "service", "aa"), adopter), false);
});

test("what is lost may be taken over by a state without a stack, or one that began with it", () => {
  const all = [item("container", "c", "service", "aa")];
  assert.equal(lostIdOf(stack, NOBODY, all), "aa");
  assert.equal(lostIdOf(stack, { ...NOBODY, stackIds: ["bb"], dataIds: ["aa"] }, all), "aa");
  assert.throws(() => lostIdOf(stack, { ...NOBODY, stackIds: ["bb"] }, all), /has a stack of its own \(id bb\)/);
  assert.throws(() => lostIdOf(stack, NOBODY, [...all, item("network", "n", "network", "cc")]), /several stacks/);
});

test("an id that was drawn anew leaves the owner its data: it is labelled as the state made it", () => {
  const all = [item("container", "known", "service", "aa"), item("volume", "known-data", "data", "aa")];
  const redrawn = { ...owner, stackIds: ["ee"], volumeIds: ["aa"] };
  noProblems(redrawn, all);
  assert.deepEqual(ids(foreignTo(stack, redrawn, all).claimed), []);
});

test("a renamed stack is refused before it is replaced, and may be removed", () => {
  const former = { project: "shop", stack: "prod" };
  const all = [item("container", "known", "service", "aa", former), item("volume", "known-data", "data", "aa", former)];
  const foreign = foreignTo(stack, owner, all);
  assert.deepEqual([ids(foreign.claimed), ids(foreign.renamed)], [[], ["known-data"]]);
  assert.match(foreignProblems(stack, foreign)[0]?.text ?? "", /of stack prod of shop: it was renamed$/);
});

test("a removal adds to what one before it left, and its ids stay as long as the state does not know them", () => {
  const dir = mkdtempSync(join(tmpdir(), "removal-"));
  const file = join(dir, "dev.removal.json");
  const before = { protected: ["urn:a"], stackIds: ["aa"], dataIds: [] };
  writeFileSync(file, JSON.stringify(before));
  const empty = parseState("{}");
  unprotect("dev", empty, file);
  assert.deepEqual(readRemoval(file), before);
  protect("dev", empty, file);
  assert.deepEqual(readRemoval(file), { protected: [], stackIds: ["aa"], dataIds: [] });
  forgetRemoval(file, [item("container", "left", "service", "aa")]);
  assert.deepEqual(ownerOf(empty, readRemoval(file)?.stackIds).stackIds, ["aa"]);
  forgetRemoval(file, []);
  assert.equal(readRemoval(file), undefined);
  rmSync(dir, { recursive: true });
});

const ENGINE = "urn:pulumi:dev::shop::dockwright:platform:DockerEngine$command:local:Command::platform";
const volume = (name: string, role: string, protect: boolean) => ({
  ...{ urn: `urn:${name}`, type: "docker:index/volume:Volume", id: name, protect },
  inputs: { labels: [{ label: "dockwright.role", value: role }] },
});
const key = (ring: string) => ({
  urn: `urn:pulumi:dev::shop::dockwright:secrets:${ring}$random:index/randomPassword:RandomPassword::key-1`,
  type: "random:index/randomPassword:RandomPassword",
});
const record = { urn: `${ENGINE}-stack-id`, type: "command:local:Command", outputs: { stdout: "aa" } };

test("what stays is told by what it is, and not by what the state calls protected", () => {
  const resources = [
    volume("data", "data", false),
    volume("config", "config", true),
    { ...volume("strange", "", false), inputs: {} },
    key("EncryptionKeys"),
    key("JwtKeys"),
    record,
    { urn: `${ENGINE}-daemon`, type: "command:local:Command" },
    { urn: "urn:pulumi:dev::shop::dockwright:secrets:CredentialAges$command:local:Command::ages-record", type: "c" },
    { urn: `${ENGINE}-other`, type: "command:local:Command" },
  ];
  const kept = ["data", "key-1", "platform-stack-id", "platform-daemon", "ages-record"];
  assert.deepEqual(
    keptResources(resources).map((urn) => urn.split(":").at(-1)),
    kept,
  );
  assert.deepEqual(resources.filter(isData).length, 2);
  const state = parseState(JSON.stringify({ deployment: { resources } }));
  assert.deepEqual(state.stackIds, ["aa"]);
  assert.deepEqual(state.protected, ["urn:config"]);
  const labels = [{ label: "dockwright.stack-id", value: "cc" }];
  const adopted = { ...record, outputs: { stdout: "bb\naa" } };
  const later = [adopted, { ...volume("data", "data", true), inputs: { labels } }];
  const { stackIds, dataIds, volumeIds } = parseState(JSON.stringify({ deployment: { resources: later } }));
  assert.deepEqual([stackIds, dataIds, volumeIds], [["bb"], ["aa"], ["cc"]]);
  assert.deepEqual(state.kept.length, kept.length);
});

test("a marker names a process that is at work as long as it lives and is no younger", () => {
  const dir = mkdtempSync(join(tmpdir(), "marker-"));
  const marker = join(dir, "dev.unfinished");
  assert.deepEqual(atWork([], marker), []);
  writeFileSync(marker, `${process.pid}\n`);
  assert.deepEqual(
    atWork([], marker).map(({ pid }) => pid),
    [process.pid],
  );
  utimesSync(marker, new Date(0), new Date(0));
  assert.deepEqual(atWork([], marker), [], "another process has got its number");
  writeFileSync(marker, "");
  assert.equal(readMarker(marker), undefined);
  const lock = { pid: process.pid, username: "ann", hostname: hostname(), timestamp: "2099-01-01T00:00:00Z" };
  assert.equal(atWork([lock], marker).length, 1);
  assert.equal(atWork([{ ...lock, hostname: "elsewhere" }], marker).length, 0);
  rmSync(dir, { recursive: true });
});

test("a removal that was written half has taken nothing yet", () => {
  const dir = mkdtempSync(join(tmpdir(), "removal-"));
  const file = join(dir, "dev.removal.json");
  assert.equal(readRemoval(file), undefined);
  writeFileSync(file, '{"protected":["urn:a"');
  assert.deepEqual(readRemoval(file), { protected: [], stackIds: [], dataIds: [] });
  rmSync(dir, { recursive: true });
});

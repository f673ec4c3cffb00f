// Logins that the state does not know are found and revoked by the scripts that stand in it.
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import {
  describeLost,
  describeStrays,
  type LoginServer,
  lostLogins,
  recordedServers,
  remaking,
  revokeStrays,
} from "../../scripts/lib/logins.mts";
import { parseState } from "../../scripts/lib/state.mts";
import { program } from "./support/files.mts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "logins-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

const act = (environment: Record<string, string>) => ({
  urn: "urn:pulumi:dev::shop::command:local:Command::act",
  type: "command:local:Command",
  inputs: { create: 'sh -c "$SCRIPT"', environment },
});
const login = (container: string, LOGIN: string, more: Record<string, string> = {}) =>
  act({ CONTAINER: container, LIST_SCRIPT: "list", REVOKE_SCRIPT: "revoke", LOGIN, ...more });

const without = (name: string, { inputs }: ReturnType<typeof act>) =>
  act(Object.fromEntries(Object.entries(inputs.environment).filter(([other]) => other !== name)));

const known = ({ known: names }: LoginServer): string[] => [...names].sort();

test("a server is known by the acts of its logins, whichever of them can revoke", () => {
  const beside = login("shop-dev-kafka", "app_b_22222222");
  const resources = [
    login("shop-dev-db", "app_a_11111111"),
    login("shop-dev-db", "app_a_99999999"), // replaced already, and still to be revoked by the engine
    without("REVOKE_SCRIPT", beside),
    beside,
    act({ CONTAINER: "shop-dev-db", SCRIPT: "roles" }),
    { urn: "urn", type: "docker:index/container:Container", inputs: { name: "shop-dev-db" } },
    { urn: "urn", type: "pulumi:pulumi:Stack" },
  ];
  const servers = recordedServers(resources);
  assert.deepEqual(
    servers.map(({ environment }) => [environment["CONTAINER"], environment["REVOKE_SCRIPT"]]),
    [
      ["shop-dev-db", "revoke"],
      ["shop-dev-kafka", "revoke"],
    ],
  );
  assert.deepEqual(servers.map(known), [["app_a_11111111", "app_a_99999999"], ["app_b_22222222"]]);
  assert.equal(parseState(JSON.stringify({ deployment: { resources } })).servers.length, 2);
});

test("acts of a time when they did not say how logins are listed tell of no server", () => {
  const old = without("LIST_SCRIPT", login("shop-dev-db", "app_a_11111111"));
  assert.deepEqual(recordedServers([old]), []);
  assert.deepEqual(recordedServers([]), []);
});

/** A server whose logins stand in a file as it lists them, and which writes down whom it revokes. */
function server(logins: readonly string[], more: Record<string, string> = {}): LoginServer {
  const service = more["SERVICE"] ?? "postgres";
  const file = join(folder, `${service}.logins`);
  writeFileSync(file, logins.map((name) => `${name}\n`).join(""));
  const environment = {
    LOGINS: file,
    SERVICE: service,
    LIST_SCRIPT: 'cat "$LOGINS"',
    REVOKE_SCRIPT: 'printf "%s " "$LOGIN" >>"$LOGINS.revoked"',
    LOGIN: "shop_owner_api_00000000",
    ...more,
  };
  const sources = new Map([["shop_owner_api_00000000", "urn:secret"]]);
  return { environment, known: new Set(["shop_owner_api_00000000"]), sources, preparations: ["urn:roles"] };
}

function revokedOn(service: string): string {
  const file = join(folder, `${service}.logins.revoked`);
  return existsSync(file) ? readFileSync(file, "utf8") : "";
}

test("a login that is marked and that the state does not know is revoked, and nobody else, whatever it is called", async () => {
  const mine = ["shop_owner_api_a1b2c3d4", "o_0123456789ab"];
  const others = ["alice", "shop_owner_metabase", "shop_owner_readonly", "shop_owner_api_a1b2c3d5", "ours x"];
  const list = [...mine.map((name) => `ours ${name}`), ...others.map((name) => `other ${name}`)];
  const found = await revokeStrays([server(["ours shop_owner_api_00000000", ...list])]);
  assert.deepEqual(found, [{ service: "postgres", revoked: mine, others }]);
  assert.equal(revokedOn("postgres"), `${mine.join(" ")} `);
});

test("where the state knows all of them nothing is revoked and nothing is told", async () => {
  const found = await revokeStrays([server(["ours shop_owner_api_00000000"]), server([], { SERVICE: "redis" })]);
  assert.deepEqual(found, [
    { service: "postgres", revoked: [], others: [] },
    { service: "redis", revoked: [], others: [] },
  ]);
  assert.equal(revokedOn("postgres"), "");
  assert.deepEqual(describeStrays(found), []);
});

test("one that the state knows without a mark, as an earlier version made it, is neither revoked nor told of", async () => {
  const found = await revokeStrays([server(["other shop_owner_api_00000000"])]);
  assert.deepEqual(found, [{ service: "postgres", revoked: [], others: [] }]);
});

test("where a list does not say whose they are, as an earlier version printed it, nobody is revoked", async () => {
  const found = await revokeStrays([server(["shop_owner_api_a1b2c3d4"])]);
  assert.deepEqual(found, [{ service: "postgres", revoked: [], others: [] }]);
});

test("each server is looked through on its own: trouble with one does not keep the others", async () => {
  const found = await revokeStrays([
    server([], { SERVICE: "kafka", LIST_SCRIPT: "echo one >&2; echo no such container >&2; exit 1" }),
    server(["ours shop_owner_api_a1b2c3d4"]),
  ]);
  assert.deepEqual(found, [
    { service: "kafka", revoked: [], others: [], trouble: "no such container" },
    { service: "postgres", revoked: ["shop_owner_api_a1b2c3d4"], others: [] },
  ]);
});

test("what was revoked before the trouble began is told, and the script itself never is", async () => {
  const REVOKE_SCRIPT = 'case $LOGIN in *_bbbbbbbb) exit 3 ;; esac; printf "%s " "$LOGIN" >>"$LOGINS.revoked"';
  const logins = ["aaaaaaaa", "bbbbbbbb", "cccccccc"].map((end) => `ours shop_owner_api_${end}`);
  const found = await revokeStrays([server(logins, { REVOKE_SCRIPT })]);
  const revoked = ["shop_owner_api_aaaaaaaa"];
  assert.deepEqual(found, [{ service: "postgres", revoked, others: [], trouble: "exit code 3" }]);
  assert.equal(revokedOn("postgres"), "shop_owner_api_aaaaaaaa ");
});

test("the scripts see what the process sees, for they ask the same Docker", async () => {
  const list = 'printf "ours shop_owner_%s_a1b2c3d4\\n" "${PATH:+path}" "$EXTRA"';
  const [found] = await revokeStrays([server([], { LIST_SCRIPT: list, EXTRA: "extra" })]);
  assert.deepEqual(found?.revoked, ["shop_owner_path_a1b2c3d4", "shop_owner_extra_a1b2c3d4"]);
});

test("each thing worth telling is a line", () => {
  assert.deepEqual(
    describeStrays([
      { service: "postgres", revoked: ["a_1", "a_2"], others: ["alice"] },
      { service: "redis", revoked: [], others: [] },
      { service: "kafka", revoked: [], others: [], trouble: "the broker did not answer" },
    ]),
    [
      "postgres: revoked logins that the state does not know: a_1, a_2",
      "postgres: logins that this stack did not make still work: alice",
      "kafka: its logins could not be looked through: the broker did not answer",
    ],
  );
});

test("a login has the random text beside it as its source, and a server the acts that made it ready", () => {
  const text = (name: string, parent: string, more: object = {}) => ({
    ...{ urn: `urn:${name}`, type: "random:index/randomPassword:RandomPassword", parent, ...more },
  });
  const resources = [
    { ...login("shop-dev-db", "app_a_11111111"), parent: "urn:a" },
    { ...login("shop-dev-db", "app_a_99999999"), parent: "urn:a", delete: true },
    text("a-old", "urn:a", { delete: true }),
    text("a-secret", "urn:a"),
    text("other", "urn:b"),
    { ...act({ CONTAINER: "shop-dev-db", SCRIPT: "roles" }), urn: "urn:roles" },
    act({ CONTAINER: "0123", SCRIPT: "gate" }),
  ];
  const [found] = recordedServers(resources);
  assert.deepEqual([...(found?.sources ?? [])], [["app_a_11111111", "urn:a-secret"]]);
  assert.deepEqual(found?.preparations, ["urn:roles"]);
});

/** A `docker` that says how a container is. */
function withDocker(health: string): () => void {
  const path = process.env["PATH"];
  program(join(folder, "bin", "docker"), `echo ${health}`);
  process.env["PATH"] = `${join(folder, "bin")}:${path}`;
  return () => void (process.env["PATH"] = path);
}

test("a login that a healthy server does not know is lost, and is made anew with what made the server ready", async () => {
  const restore = withDocker("healthy");
  const lost = await lostLogins([
    server(["ours shop_owner_api_a1b2c3d4"]),
    server(["other shop_owner_api_00000000"], { SERVICE: "redis" }), // it lost its mark alone
    server([], { SERVICE: "kafka", LIST_SCRIPT: "exit 1" }),
  ]);
  restore();
  const logins = ["shop_owner_api_00000000"];
  assert.deepEqual(lost, [{ service: "postgres", logins, urns: ["urn:roles", "urn:secret"] }]);
  assert.deepEqual(remaking([...lost, ...lost]), ["--replace", "urn:roles", "--replace", "urn:secret"]);
  assert.deepEqual(describeLost(lost), ["postgres does not know shop_owner_api_00000000: its data is not what it was"]);
});

test("a list that an earlier version printed, names alone, says of nobody that it is lost", async () => {
  const restore = withDocker("healthy");
  assert.deepEqual(await lostLogins([server(["shop_owner_api_a1b2c3d4", "default"])]), []);
  restore();
});

test("a server that starts, or is gone, has lost nobody", async () => {
  const restore = withDocker("starting");
  assert.deepEqual(await lostLogins([server([])]), []);
  restore();
});

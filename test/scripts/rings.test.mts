// Moves of key rings that `./dev up` refuses before anything begins.
import assert from "node:assert/strict";
import { test } from "node:test";
import { type RecordedRing, recordedRings, refuseMoves } from "../../scripts/lib/rings.mts";
import { UserError } from "../../scripts/lib/run.mts";
import { parseState } from "../../scripts/lib/state.mts";

const SECRETS = "urn:pulumi:dev::shop::dockwright:secrets";

const ring = (kind: string, name: string, generation: number, mayFall: boolean) => ({
  urn: `${SECRETS}:${kind}::${name}`,
  type: `dockwright:secrets:${kind}`,
  inputs: { generation, mayFall },
});
const id = (parent: { readonly urn: string }, generation: number, more: object = {}) => ({
  urn: `${SECRETS}:Ring$random:index/randomId:RandomId::${generation}`,
  type: "random:index/randomId:RandomId",
  parent: parent.urn,
  inputs: { byteLength: 4, keepers: { generation: String(generation) } },
  ...more,
});
const key = (parent: { readonly urn: string }) => ({
  urn: `${SECRETS}:Ring$random:index/randomPassword:RandomPassword::key`,
  type: "random:index/randomPassword:RandomPassword",
  parent: parent.urn,
  inputs: { length: 64 },
});

const JWT = ring("JwtKeys", "jwt", 2, true);
const ENCRYPTION = ring("EncryptionKeys", "encryption", 3, false);

test("a ring stands in the state with its generation, and whether it may fall", () => {
  const resources = [JWT, id(JWT, 2), key(JWT), ENCRYPTION, id(ENCRYPTION, 3), key(ENCRYPTION)];
  const rings = [
    { name: "jwt", generations: [2], mayFall: true },
    { name: "encryption", generations: [3], mayFall: false },
  ];
  assert.deepEqual(recordedRings(resources), rings);
  assert.deepEqual(parseState(JSON.stringify({ deployment: { resources } })).rings, rings);
});

test("an update that was cut off leaves containers with both generations", () => {
  const replaced = id(JWT, 1, { delete: true });
  const [found] = recordedRings([JWT, id(JWT, 2), replaced]);
  assert.deepEqual(found?.generations, [1, 2]);
  // Cut off before its new id was made: only the old one is there.
  assert.deepEqual(recordedRings([JWT, id(JWT, 1)])[0]?.generations, [1, 2]);
  // Numbers are compared as numbers.
  const many = ring("JwtKeys", "jwt", 10, true);
  assert.deepEqual(recordedRings([many, id(many, 9, { delete: true })])[0]?.generations, [9, 10]);
});

test("what is no ring, or one of a time when no generation was kept with it, is left out", () => {
  const given = { urn: `${SECRETS}:GivenSecret::token`, type: "dockwright:secrets:GivenSecret", inputs: {} };
  const old = { urn: `${SECRETS}:JwtKeys::jwt`, type: "dockwright:secrets:JwtKeys" };
  const foreign = { ...JWT, type: "other:secrets:JwtKeys" };
  assert.deepEqual(recordedRings([given, old, foreign, id(given, 4)]), []);
});

/** What is said of a move; nothing where it is allowed. */
function refusalOf(rings: readonly RecordedRing[], rotation: unknown): string[] {
  try {
    refuseMoves("dev", rings, rotation);
    return [];
  } catch (error) {
    assert.ok(error instanceof UserError);
    return [error.message, ...error.hints];
  }
}

const jwt = (...generations: number[]): RecordedRing => ({ name: "jwt", generations, mayFall: true });
const encryption = (...generations: number[]): RecordedRing => ({ name: "encryption", generations, mayFall: false });

/** Numbers of 0 to 6 to which a ring may go. */
const allowed = (ring: RecordedRing): number[] =>
  [0, 1, 2, 3, 4, 5, 6].filter((number) => refusalOf([ring], { [ring.name]: number }).length === 0);

test("a ring goes to a neighbour of where it is, and one that decrypts data never back", () => {
  assert.deepEqual(allowed(jwt(1)), [1, 2]);
  assert.deepEqual(allowed(jwt(4)), [3, 4, 5]);
  assert.deepEqual(allowed(encryption(1)), [1, 2]);
  assert.deepEqual(allowed(encryption(4)), [4, 5]);
});

test("after an update that was cut off it goes where both generations know each other's keys", () => {
  assert.deepEqual(allowed(jwt(1, 2)), [1, 2]);
  assert.deepEqual(allowed(jwt(4, 5)), [4, 5]);
  assert.deepEqual(allowed(encryption(4, 5)), [5]);
});

test("generations that are too far apart do not bar the way out", () => {
  assert.deepEqual(allowed(jwt(1, 3)), [2]);
  assert.deepEqual(allowed(encryption(1, 3)), [3]);
  assert.deepEqual(allowed(jwt(1, 2, 5)), [5]);
});

test("a ring that the settings do not name is left to the engine, and one that nobody knows yet goes anywhere", () => {
  assert.deepEqual(refusalOf([jwt(3), encryption(4)], undefined), []);
  assert.deepEqual(refusalOf([jwt(3)], { encryption: 1 }), []);
  assert.deepEqual(refusalOf([], { jwt: 9 }), []);
});

test("the refusal has the path, what would be right and why, what was got, and the next step", () => {
  assert.deepEqual(refusalOf([jwt(2)], { jwt: 7 }), [
    "stack dev cannot move its keys like that, nothing was changed",
    "rotation.jwt: want one of 1, 2, 3, because it is 2 now, got 7",
    "  fix: one step in each update: pulumi config set --path 'rotation.jwt' 3",
    "while containers are replaced one after another, each has to know the keys of the others",
  ]);
});

test("it names the generations that containers use, and one way back, not a jump", () => {
  assert.deepEqual(refusalOf([encryption(4, 5)], { encryption: 4 }).slice(1, 3), [
    "rotation.encryption: want 5, because containers use 4 and 5, got 4",
    "  fix: one step in each update: pulumi config set --path 'rotation.encryption' 5",
  ]);
  assert.deepEqual(refusalOf([jwt(6)], { jwt: 1 }).slice(1, 3), [
    "rotation.jwt: want one of 5, 6, 7, because it is 6 now, got 1",
    "  fix: one step in each update: pulumi config set --path 'rotation.jwt' 5",
  ]);
});

test("several are told at once, with the reason once", () => {
  const said = refusalOf([jwt(2), encryption(2)], { jwt: 9, encryption: 1 });
  assert.deepEqual(
    said.map((line) => /^rotation\.\w+/.exec(line)?.[0] ?? ""),
    ["", "rotation.jwt", "", "rotation.encryption", "", ""],
  );
});

import assert from "node:assert/strict";
import { createCipheriv, createHmac } from "node:crypto";
import { describe, it } from "node:test";
import { createEncryptionRing } from "../src/encryption-ring.ts";
import { encryption } from "../src/env/fragments.ts";
import { loadEnv } from "../src/env/load.ts";
import { EnvironmentError } from "../src/env/problems.ts";
import { Fernet } from "../src/fernet.ts";

const keyOf = (byte: number) => Buffer.alloc(32, byte).toString("base64").replaceAll("+", "-").replaceAll("/", "_");
const [a, b] = [
  { kid: "a", key: keyOf(1) },
  { kid: "b", key: keyOf(2) },
];
const ringOf = (current: string, ...keys: { kid: string; key: string }[]) =>
  createEncryptionRing({ ENCRYPTION_KEYS: { keys, current } });

describe("Fernet", () => {
  // From the specification: generate.json and verify.json.
  const key = "cw_0x689RpI-jtRR7oE8h_eQsKImvJapLeSbXpwF4e4=";
  const token = "gAAAAAAdwJ6wAAECAwQFBgcICQoLDA0ODy021cpGVWKZ_eEwCGM4BLLF_5CV9dOPmrhuVUPgJobwOz7JcbmrR64jVmpU4IwqDA==";
  const inputs = { date: new Date("1985-10-26T01:20:00-07:00"), iv: Uint8Array.from({ length: 16 }, (_, i) => i) };

  it("makes and reads the tokens of the specification", () => {
    assert.equal(new Fernet(key).encrypt("hello", inputs), token);
    assert.equal(new Fernet(key).decrypt(token), "hello");
  });

  it("never makes the same token twice, and reads back every text", () => {
    const fernet = new Fernet(a.key);
    assert.notEqual(fernet.encrypt("x"), fernet.encrypt("x"));
    for (const text of ["", "x", "Grüße, 你好 🚀", "x".repeat(4096)])
      assert.equal(fernet.decrypt(fernet.encrypt(text)), text);
  });

  it("refuses what was changed, cut or made by another key", () => {
    const fernet = new Fernet(key);
    for (const at of [0, 5, 12, 30, 60]) {
      const bytes = Buffer.from(token, "base64url");
      bytes[at]! ^= 1;
      assert.equal(fernet.decrypt(bytes.toString("base64url")), undefined);
    }
    for (const bad of ["", "x", token.slice(0, 60), new Fernet(a.key).encrypt("hello")])
      assert.equal(fernet.decrypt(bad), undefined);
  });

  it("refuses what is signed rightly and padded wrongly", () => {
    const keyBytes = Buffer.from(key, "base64url");
    const cipher = createCipheriv("aes-128-cbc", keyBytes.subarray(16), Buffer.alloc(16)).setAutoPadding(false);
    const padding = cipher.update(Buffer.alloc(16, 0xff));
    const signed = Buffer.concat([Buffer.from([0x80]), Buffer.alloc(8 + 16), padding]);
    const mac = createHmac("sha256", keyBytes.subarray(0, 16)).update(signed).digest();
    assert.equal(new Fernet(key).decrypt(Buffer.concat([signed, mac]).toString("base64url")), undefined);
  });

  it("wants 32 bytes", () => assert.throws(() => new Fernet("c2hvcnQ="), /want 32 bytes .* got 5 bytes/));
});

describe("the ring of encryption keys", () => {
  it("encrypts with the current key and reads with each", () => {
    const before = ringOf("a", a, b);
    const after = ringOf("b", a, b);
    assert.equal(new Fernet(a.key).decrypt(before.encrypt("x")), "x");
    assert.equal(after.decrypt(before.encrypt("x")), "x");
    assert.equal(before.decrypt(after.encrypt("x")), "x");
  });

  it("says which key encrypts, and which made a token as against that one", () => {
    const c = { kid: "c", key: keyOf(3) };
    const ring = ringOf("b", a, b, c);
    assert.equal(ring.current, "b");
    for (const [maker, madeBy] of [
      [a, "older"],
      [b, "current"],
      [c, "newer"],
    ] as const) {
      // The order in the ring decides, whatever the key is called where the token was made.
      const token = ringOf("x", { ...maker, kid: "x" }).encrypt("text");
      assert.deepEqual(ring.read(token), { text: "text", madeBy });
    }
    for (const token of [new Fernet(keyOf(4)).encrypt("text"), "", "no token"])
      assert.equal(ring.read(token), undefined);
  });

  it("says so when the key is gone", () => {
    const token = ringOf("a", a).encrypt("x");
    assert.throws(() => ringOf("b", b).decrypt(token), /not in the ring/);
  });

  for (const [what, ring, problem] of [
    [
      "a short key",
      { keys: [{ kid: "a", key: "c2hvcnQ=" }], current: "a" },
      /^ENCRYPTION_KEYS.keys.0.key: want a Fernet/,
    ],
    ["a key without padding", { keys: [{ ...a, key: a.key.slice(0, -1) }], current: "a" }, /keys.0.key: want a Fernet/],
    ["a missing current key", { keys: [a], current: "c" }, /^ENCRYPTION_KEYS: want the current key among the keys$/],
    ["a kid twice", { keys: [a, a], current: "a" }, /^ENCRYPTION_KEYS: want every kid once$/],
  ] as const) {
    it(`refuses ${what} in one line that shows no key`, () => {
      assert.throws(
        () => loadEnv(encryption, { ENCRYPTION_KEYS: JSON.stringify(ring) }),
        (error: unknown) => {
          assert.ok(error instanceof EnvironmentError);
          assert.equal(error.problems.length, 1);
          assert.match(error.problems[0]!, problem);
          assert.ok(ring.keys.every(({ key }) => !error.problems[0]!.includes(key)));
          return true;
        },
      );
    });
  }
});

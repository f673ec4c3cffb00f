import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { decodeProtectedHeader } from "jose";
import { createRing, type RingKey } from "../src/jwt-ring.ts";

const keyOf = (kid: string, status: RingKey["status"]): RingKey => ({
  kid,
  key: kid.repeat(64),
  status,
});

const ringOf = (...keys: RingKey[]) => createRing({ JWT_KEYS: { keys }, JWT_ALGORITHM: "HS256", JWT_EXPIRE_DAYS: 7 });

describe("the ring of signing keys", () => {
  const before = ringOf(keyOf("b", "next"), keyOf("a", "current"));
  const after = ringOf(keyOf("c", "next"), keyOf("b", "current"), keyOf("a", "previous"));
  const later = ringOf(keyOf("d", "next"), keyOf("c", "current"), keyOf("b", "previous"));

  it("signs with the current key", async () => {
    assert.deepEqual(decodeProtectedHeader(await before.sign("ann")), { alg: "HS256", kid: "a" });
  });

  it("accepts tokens across a rotation, in both directions", async () => {
    assert.equal((await after.verify(await before.sign("ann"))).sub, "ann");
    assert.equal((await before.verify(await after.sign("ann"))).sub, "ann");
  });

  it("refuses a token whose key has left the ring", async () => {
    await assert.rejects(later.verify(await before.sign("ann")), /unknown key/);
  });

  it("refuses a token signed by another key of the same name", async () => {
    const forger = createRing({
      JWT_KEYS: { keys: [{ kid: "a", key: "f".repeat(64), status: "current" }] },
      JWT_ALGORITHM: "HS256",
      JWT_EXPIRE_DAYS: 7,
    });
    await assert.rejects(before.verify(await forger.sign("eve")), {
      code: "ERR_JWS_SIGNATURE_VERIFICATION_FAILED",
    });
  });
});

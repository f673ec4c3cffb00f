import { createHash, createHmac, pbkdf2Sync } from "node:crypto";

import {
  createAcls,
  SCRAM_ITERATIONS,
  scramCredential,
  scramProofKeys,
  upsertScram,
} from "../../components/services/kafka-wire";

const hex = (text: string) => Buffer.from(text).toString("hex");
const CLIENT = `000a${hex("dockwright")}`;
const length = (request: Buffer) => request.readInt32BE(0);

test("the request for a login is the protocol's AlterUserScramCredentials in version 0", () => {
  const credential = { username: "app", salt: Buffer.alloc(32, 1), saltedPassword: Buffer.alloc(64, 2) };
  const request = upsertScram(credential);
  expect(length(request)).toBe(request.length - 4);
  expect(request.subarray(4).toString("hex")).toBe(
    [
      `0033000000000007${CLIENT}00`, // API 51, version 0, correlation id, client, no tags
      "01", // no deletions
      `0204${hex("app")}0200001000`, // one upsertion: user, SCRAM-SHA-512, 4096 iterations
      `21${"01".repeat(32)}41${"02".repeat(64)}`, // salt and salted password
      "0000", // no tags
    ].join(""),
  );
});

test("rights are those of a producer and consumer under the prefix, and no more", () => {
  const request = createAcls("app", "shop.");
  expect(length(request)).toBe(request.length - 4);
  const acl = (resource: string, operation: string) =>
    `${resource}0005${hex("shop.")}040008${hex("User:app")}0001${hex("*")}${operation}03`;
  const topic = ["03", "04", "05", "08"].map((operation) => acl("02", operation));
  expect(request.subarray(4).toString("hex")).toBe(
    [`001e000100000007${CLIENT}`, "00000006", ...topic, acl("03", "03"), acl("05", "04")].join(""),
  );
});

test("a login always yields the same bytes, and another name others", () => {
  const credential = scramCredential("app_1", "secret");
  expect(scramCredential("app_1", "secret")).toEqual(credential);
  expect(scramCredential("app_2", "secret").salt).not.toEqual(credential.salt);
  expect(credential.saltedPassword).toEqual(pbkdf2Sync("secret", credential.salt, SCRAM_ITERATIONS, 64, "sha512"));
});

test("the keys prove the password as RFC 5802 has it", () => {
  const credential = scramCredential("app", "secret");
  const { inner, outer, client } = scramProofKeys(credential);
  const clientKey = createHmac("sha512", credential.saltedPassword).update("Client Key").digest();
  expect(client).toBe(clientKey.toString("hex"));
  const storedKey = createHash("sha512").update(clientKey).digest();
  const sha = (...parts: Buffer[]) => createHash("sha512").update(Buffer.concat(parts)).digest();
  const message = Buffer.from("n=app,r=nonce");
  const signature = sha(Buffer.from(outer, "hex"), sha(Buffer.from(inner, "hex"), message));
  expect(signature).toEqual(createHmac("sha512", storedKey).update(message).digest());
});

import { createHash, createHmac, pbkdf2Sync } from "node:crypto";

/** As many rounds as PostgreSQL takes by itself. The passwords are random: guessing them is hopeless with one. */
const ITERATIONS = 4096;
const SALT_BYTES = 16;

/**
 * What PostgreSQL keeps of a password and accepts in its place (SCRAM-SHA-256, RFC 7677): with it one can tell whether a
 * password is right, and not log in. The salt follows from the name, which is never used twice, so that the same login
 * always yields the same text.
 */
export function scramVerifier(username: string, password: string): string {
  const salt = createHash("sha256").update(username).digest().subarray(0, SALT_BYTES);
  const salted = pbkdf2Sync(password, salt, ITERATIONS, 32, "sha256");
  const keyed = (label: string) => createHmac("sha256", salted).update(label).digest();
  const stored = createHash("sha256").update(keyed("Client Key")).digest("base64");
  const server = keyed("Server Key").toString("base64");
  return `SCRAM-SHA-256$${ITERATIONS}:${salt.toString("base64")}$${stored}:${server}`;
}

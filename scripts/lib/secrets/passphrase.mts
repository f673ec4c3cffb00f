// The passphrase as Pulumi's own provider uses it (version v1: PBKDF2 with SHA-256, then AES-256-GCM), so that a wrong
// one is found in a fifth of a second, before anything else is done.
import { createDecipheriv, pbkdf2Sync } from "node:crypto";
import { readFileSync } from "node:fs";
import { UserError } from "../run.mts";

export interface Passphrase {
  readonly value: string;
  /** Where it comes from, for messages. */
  readonly source: string;
}

const ITERATIONS = 1_000_000;
const KEY_BYTES = 32;
const TAG_BYTES = 16;
/** What the second half of a salt decrypts to. */
const PROOF = "pulumi";

/** Go counts other characters as space than JavaScript does. */
const SPACE_AROUND = /^\p{White_Space}+|\p{White_Space}+$/gu;

function fromFile(path: string, source: string, stack: string): Passphrase {
  try {
    return { value: readFileSync(path, "utf8").replace(SPACE_AROUND, ""), source };
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code === "ENOENT" ? "there is no such file" : (error as Error).message;
    throw new UserError(
      `the passphrase of stack ${stack} cannot be read, nothing was changed: check ${source}: ${why}`,
    );
  }
}

/** The passphrase in force: dev's own file, or what is given from outside; nothing where none is. */
export function passphraseInForce(stack: string, ownFile: string, env: NodeJS.ProcessEnv): Passphrase | undefined {
  if (ownFile) return fromFile(ownFile, ownFile, stack);
  const given = env["PULUMI_CONFIG_PASSPHRASE"];
  if (given !== undefined) return { value: given, source: "PULUMI_CONFIG_PASSPHRASE" };
  const file = env["PULUMI_CONFIG_PASSPHRASE_FILE"];
  return file ? fromFile(file, `PULUMI_CONFIG_PASSPHRASE_FILE (${file})`, stack) : undefined;
}

/** The key that a passphrase makes with a salt (`v1:SALT:v1:NONCE:CIPHERTEXT`), or nothing when it does not fit. */
export function keyFor(passphrase: string, salt: string): Buffer | undefined {
  const [version, bytes = "", ...proof] = salt.split(":");
  if (version !== "v1") return undefined;
  const key = pbkdf2Sync(passphrase, Buffer.from(bytes, "base64"), ITERATIONS, KEY_BYTES, "sha256");
  return decrypt(key, proof.join(":")) === PROOF ? key : undefined;
}

/** The plain text of `v1:NONCE:CIPHERTEXT`, or nothing when it was encrypted with another key. */
export function decrypt(key: Buffer, encrypted: string): string | undefined {
  const [version, nonce = "", ciphertext = ""] = encrypted.split(":");
  const bytes = Buffer.from(ciphertext, "base64");
  if (version !== "v1" || bytes.length < TAG_BYTES) return undefined;
  try {
    const decipher = createDecipheriv("aes-256-gcm", key, Buffer.from(nonce, "base64"), { authTagLength: TAG_BYTES });
    decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
    return decipher.update(bytes.subarray(0, -TAG_BYTES), undefined, "utf8") + decipher.final("utf8");
  } catch {
    return undefined;
  }
}

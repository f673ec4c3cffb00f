// Encrypts as Pulumi does with a passphrase.
import { createCipheriv, pbkdf2Sync, randomBytes } from "node:crypto";

export interface Locked {
  /** `encryptionsalt` of a stack file, and the salt in a state. */
  readonly salt: string;
  readonly encrypt: (text: string) => string;
}

export function lockedWith(passphrase: string): Locked {
  const salt = randomBytes(8);
  const key = pbkdf2Sync(passphrase, salt, 1_000_000, 32, "sha256");
  const encrypt = (text: string): string => {
    const nonce = randomBytes(12);
    const cipher = createCipheriv("aes-256-gcm", key, nonce);
    const bytes = Buffer.concat([cipher.update(text, "utf8"), cipher.final(), cipher.getAuthTag()]);
    return `v1:${nonce.toString("base64")}:${bytes.toString("base64")}`;
  };
  return { salt: `v1:${salt.toString("base64")}:${encrypt("pulumi")}`, encrypt };
}

import { Fernet } from "./fernet.ts";

export interface EncryptionSettings {
  readonly ENCRYPTION_KEYS: {
    readonly keys: readonly { readonly kid: string; readonly key: string }[];
    readonly current: string;
  };
}

export interface EncryptionRing {
  /** A token made with the current key. */
  encrypt(text: string): string;
  /** Reads a token of any key of the ring. Throws for any other. */
  decrypt(token: string): string;
}

/** Old tokens stay readable while keys are rotated, and so do those of a replica that has rotated already. */
export function createEncryptionRing({ ENCRYPTION_KEYS: { keys, current } }: EncryptionSettings): EncryptionRing {
  const ring = new Map(keys.map(({ kid, key }) => [kid, new Fernet(key)]));
  const encrypting = ring.get(current)!;
  // What was written last is read most.
  const decrypting = [encrypting, ...[...ring.values()].filter((key) => key !== encrypting)];
  return {
    encrypt: (text) => encrypting.encrypt(text),
    decrypt: (token) => {
      for (const key of decrypting) {
        const text = key.decrypt(token);
        if (text !== undefined) return text;
      }
      throw new Error("encrypted with a key that is not in the ring");
    },
  };
}

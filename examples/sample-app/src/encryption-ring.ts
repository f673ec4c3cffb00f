import { Fernet } from "./fernet.ts";

export interface EncryptionSettings {
  readonly ENCRYPTION_KEYS: {
    /** The oldest first. */
    readonly keys: readonly { readonly kid: string; readonly key: string }[];
    readonly current: string;
  };
}

/** What a token holds. */
export interface Reading {
  readonly text: string;
  /** The key that made it, as against the current one: it stands before it in the ring, is it, or stands after it. */
  readonly madeBy: "older" | "current" | "newer";
}

export interface EncryptionRing {
  /** Id of the key that encrypts. */
  readonly current: string;
  /** A token made with the current key. */
  encrypt(text: string): string;
  /** Reads a token of any key of the ring. Throws for any other. */
  decrypt(token: string): string;
  /** Undefined for a token that no key of the ring made. */
  read(token: string): Reading | undefined;
}

/** Old tokens stay readable while keys are rotated, and so do those of a replica that has rotated already. */
export function createEncryptionRing({ ENCRYPTION_KEYS: { keys, current } }: EncryptionSettings): EncryptionRing {
  const currentAt = keys.findIndex(({ kid }) => kid === current);
  const ring = keys.map(({ key }, at) => ({ fernet: new Fernet(key), madeBy: ageOf(at - currentAt) }));
  const encrypting = ring[currentAt]!;
  // What was written last is read most.
  const decrypting = [encrypting, ...ring.filter((key) => key !== encrypting)];
  const read = (token: string): Reading | undefined => {
    for (const { fernet, madeBy } of decrypting) {
      const text = fernet.decrypt(token);
      if (text !== undefined) return { text, madeBy };
    }
    return undefined;
  };
  return {
    current,
    encrypt: (text) => encrypting.fernet.encrypt(text),
    decrypt: (token) => {
      const reading = read(token);
      if (!reading) throw new Error("encrypted with a key that is not in the ring");
      return reading.text;
    },
    read,
  };
}

const ageOf = (placesAfterCurrent: number): Reading["madeBy"] =>
  placesAfterCurrent === 0 ? "current" : placesAfterCurrent < 0 ? "older" : "newer";

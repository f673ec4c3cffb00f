import * as pulumi from "@pulumi/pulumi";

import { KeyRing, KeyRingArgs, RingKey } from "./key-ring";

/** Arguments of {@link EncryptionKeys}: the generation rises, by one in each update, and never falls. */
export type EncryptionKeysArgs = KeyRingArgs;

/**
 * Ring of Fernet keys, each 32 bytes in URL-safe base64: `current` encrypts, all decrypt, so that data of every generation
 * can be read. One key more than is used yet is handed out, so that a replica that is replaced later already reads what
 * the new ones write. Keys are protected: without them the data is lost.
 * File `ENCRYPTION_KEYS`: `{"keys":[{"kid","key"}],"current"}`.
 */
export class EncryptionKeys extends KeyRing {
  constructor(name: string, args: EncryptionKeysArgs, opts?: pulumi.ComponentResourceOptions) {
    const { generation } = args;
    const key = ({ kid, hex }: RingKey) => ({ kid, key: hex.apply(fernetKey) });
    const ring = {
      token: "dockwright:secrets:EncryptionKeys",
      variable: "ENCRYPTION_KEYS",
      span: [1, generation + 1],
      protect: true,
      mayFall: false,
      reason:
        "data may be encrypted with each key so far, while replicas of the present ring know one key more at most",
      content: (keys: readonly RingKey[]) => ({ keys: keys.map(key), current: `k${generation}` }),
    } as const;
    super(name, args, ring, opts);
  }
}

/** 64 hex digits as a Fernet key. */
export function fernetKey(hex: string): string {
  return Buffer.from(hex, "hex").toString("base64").replaceAll("+", "-").replaceAll("/", "_");
}

import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

import { Bindable, Binding } from "./binding";
import { HEX_KEY } from "./jwt-keys";

/** Arguments of {@link EncryptionKeys}. */
export interface EncryptionKeysArgs {
  /** Number of the key that encrypts; it only rises. */
  readonly generation: number;
}

/**
 * Ring of Fernet keys, each 32 bytes in URL-safe base64: `current` encrypts, all decrypt, so that data of every generation
 * can be read. One key more than is used yet is handed out, so that a replica that is replaced later already reads what
 * the new ones write. Keys are protected: without them the data is lost.
 * File `ENCRYPTION_KEYS`: `{"keys":[{"kid","key"}],"current"}`.
 */
export class EncryptionKeys extends pulumi.ComponentResource implements Bindable {
  private readonly binding: Binding;

  constructor(name: string, { generation }: EncryptionKeysArgs, opts?: pulumi.ComponentResourceOptions) {
    super("dockwright:secrets:EncryptionKeys", name, {}, opts);
    const keys = Array.from({ length: generation + 1 }, (_, index) => {
      const number = index + 1;
      const key = new random.RandomPassword(`${name}-key-${number}`, HEX_KEY, { parent: this, protect: true });
      return { kid: `k${number}`, key: key.result.apply(fernetKey) };
    });
    const id = new random.RandomId(
      `${name}-id`,
      { byteLength: 4, keepers: { generation: String(generation) } },
      { parent: this },
    );
    this.binding = {
      credential: name,
      files: { ENCRYPTION_KEYS: pulumi.secret(pulumi.jsonStringify({ keys, current: `k${generation}` })) },
      revision: id.hex,
    };
    this.registerOutputs({});
  }

  bind(): Binding {
    return this.binding;
  }
}

/** 64 hex digits as a Fernet key. */
export function fernetKey(hex: string): string {
  return Buffer.from(hex, "hex").toString("base64").replaceAll("+", "-").replaceAll("/", "_");
}

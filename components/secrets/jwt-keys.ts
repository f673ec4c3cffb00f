import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

import { Bindable, Binding } from "./binding";

/** Arguments of {@link JwtKeys}. */
export interface JwtKeysArgs {
  /** Number of the key that signs; it moves by one either way. */
  readonly generation: number;
}

/** 32 bytes as hex digits. Not a RandomBytes: its resource id, kept and shown in plain, is the value itself. */
export const HEX_KEY = {
  length: 64,
  lower: false,
  upper: false,
  numeric: false,
  special: true,
  overrideSpecial: "0123456789abcdef",
};

/** Place of a key in the ring, relative to the signing key. */
const RING = [
  { status: "previous", offset: -1 },
  { status: "current", offset: 0 },
  { status: "next", offset: 1 },
] as const;

/**
 * Ring of three HS256 keys of 32 bytes: `current` signs, all three verify. A replica that is replaced later already
 * accepts what the new ones sign, and tokens of the previous key stay valid until the next move.
 * File `JWT_KEYS`: `{"keys":[{"kid","key" (64 hex digits),"status"}]}`.
 */
export class JwtKeys extends pulumi.ComponentResource implements Bindable {
  private readonly binding: Binding;

  constructor(name: string, { generation }: JwtKeysArgs, opts?: pulumi.ComponentResourceOptions) {
    super("dockwright:secrets:JwtKeys", name, {}, opts);
    const keys = RING.map(({ status, offset }) => {
      const number = generation + offset;
      const key = new random.RandomPassword(`${name}-key-${number}`, HEX_KEY, { parent: this });
      return { kid: `k${number}`, key: key.result, status };
    });
    const id = new random.RandomId(
      `${name}-id`,
      { byteLength: 4, keepers: { generation: String(generation) } },
      { parent: this },
    );
    this.binding = {
      credential: name,
      files: { JWT_KEYS: pulumi.secret(pulumi.jsonStringify({ keys })) },
      revision: id.hex,
    };
    this.registerOutputs({});
  }

  bind(): Binding {
    return this.binding;
  }
}

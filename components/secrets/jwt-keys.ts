import * as pulumi from "@pulumi/pulumi";

import { KeyRing, KeyRingArgs, RingKey } from "./key-ring";

/** Arguments of {@link JwtKeys}: the generation moves by one in each update, either way. */
export type JwtKeysArgs = KeyRingArgs;

/** What a key is for, by its place relative to the signing key. */
const STATUS: Readonly<Record<number, string>> = { [-1]: "previous", 0: "current", 1: "next" };

/**
 * Ring of three HS256 keys of 32 bytes: `current` signs, all three verify. A replica that is replaced later already
 * accepts what the new ones sign, and tokens of the previous key stay valid until the next move.
 * File `JWT_KEYS`: `{"keys":[{"kid","key" (64 hex digits),"status"}]}`.
 */
export class JwtKeys extends KeyRing {
  constructor(name: string, args: JwtKeysArgs, opts?: pulumi.ComponentResourceOptions) {
    const { generation } = args;
    const key = ({ number, kid, hex }: RingKey) => ({ kid, key: hex, status: STATUS[number - generation] });
    const ring = {
      token: "dockwright:secrets:JwtKeys",
      variable: "JWT_KEYS",
      span: [generation - 1, generation + 1],
      protect: false,
      mayFall: true,
      reason: "replicas of the present keys would refuse sessions that are signed with those further away",
      content: (keys: readonly RingKey[]) => ({ keys: keys.map(key) }),
    } as const;
    super(name, args, ring, opts);
  }
}

import { type JWTPayload, jwtVerify, SignJWT } from "jose";

export interface RingKey {
  readonly kid: string;
  /** 32 bytes, as hexadecimal digits. */
  readonly key: string;
  readonly status: "next" | "current" | "previous";
}

export interface RingSettings {
  readonly JWT_KEYS: { readonly keys: readonly RingKey[] };
  readonly JWT_ALGORITHM: string;
  readonly JWT_EXPIRE_DAYS: number;
}

export interface Ring {
  sign(subject: string): Promise<string>;
  /** Rejects unless a key of the ring signed the token and it is still valid. */
  verify(token: string): Promise<JWTPayload>;
}

/**
 * Signs with the current key and accepts every key of the ring: `previous` so that old sessions
 * survive a rotation, `next` because a replica that has rotated already may sign with it.
 */
export function createRing(settings: RingSettings): Ring {
  const { JWT_KEYS, JWT_ALGORITHM: alg, JWT_EXPIRE_DAYS: days } = settings;
  const keys = new Map(JWT_KEYS.keys.map(({ kid, key }) => [kid, Buffer.from(key, "hex")]));
  const current = JWT_KEYS.keys.find((key) => key.status === "current")!;
  return {
    sign: (subject) =>
      new SignJWT({})
        .setProtectedHeader({ alg, kid: current.kid })
        .setSubject(subject)
        .setIssuedAt()
        .setExpirationTime(`${days}d`)
        .sign(keys.get(current.kid)!),
    verify: async (token) => {
      const find = (header: { kid?: string }) => {
        const key = keys.get(header.kid ?? "");
        if (!key) throw new Error("unknown key");
        return key;
      };
      return (await jwtVerify(token, find, { algorithms: [alg] })).payload;
    },
  };
}

import { createHmac, timingSafeEqual } from "node:crypto";

import { SecretFile } from "../state";

/** The keys with which sessions are signed. */
export interface SigningRing {
  readonly keys: readonly {
    readonly kid: string;
    readonly key: string;
    readonly status: "next" | "current" | "previous";
  }[];
}

/** The keys with which messages are encrypted. */
export interface EncryptionRing {
  readonly keys: readonly { readonly kid: string; readonly key: string }[];
  readonly current: string;
}

const FERNET_SIGNATURE_BYTES = 32;
const FERNET_SIGNING_KEY_BYTES = 16;

/** The ring that signs sessions, as its consumers have it. */
export function signingRing(files: readonly SecretFile[]): SigningRing {
  return JSON.parse(contentOf(files, "JWT_KEYS")) as SigningRing;
}

/** The ring that encrypts messages, as its consumers have it. */
export function encryptionRing(files: readonly SecretFile[]): EncryptionRing {
  return JSON.parse(contentOf(files, "ENCRYPTION_KEYS")) as EncryptionRing;
}

function contentOf(files: readonly SecretFile[], variable: string): string {
  const contents = new Set(files.filter((file) => file.variable === variable).map(({ content }) => content));
  if (contents.size !== 1)
    throw new Error(`want one content of ${variable} for all its consumers, got ${contents.size}`);
  return [...contents][0] ?? "";
}

/** A session (RFC 7519, HS256) as whoever had the key of that status could make one up. */
export function sessionBy({ keys }: SigningRing, status: "current" | "previous", user: string): string {
  const { kid, key } = keys.find((each) => each.status === status) ?? { kid: "", key: "" };
  const expires = Math.floor(Date.now() / 1000) + 3600;
  const parts = [
    { alg: "HS256", kid },
    { sub: user, exp: expires },
  ].map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"));
  const signature = createHmac("sha256", Buffer.from(key, "hex")).update(parts.join(".")).digest("base64url");
  return [...parts, signature].join(".");
}

/** Id of the key that signed a session. */
export function signerOf(session: string): string {
  const [header = ""] = session.split(".");
  return (JSON.parse(Buffer.from(header, "base64url").toString()) as { kid: string }).kid;
}

/** Whether the key in use made a Fernet token. */
export function isCurrent({ keys, current }: EncryptionRing, token: string): boolean {
  const key = Buffer.from(keys.find(({ kid }) => kid === current)?.key ?? "", "base64url");
  const bytes = Buffer.from(token, "base64url");
  const signed = bytes.subarray(0, -FERNET_SIGNATURE_BYTES);
  const signature = createHmac("sha256", key.subarray(0, FERNET_SIGNING_KEY_BYTES)).update(signed).digest();
  return timingSafeEqual(signature, bytes.subarray(-FERNET_SIGNATURE_BYTES));
}

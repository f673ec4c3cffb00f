import { createHash } from "node:crypto";

/** What a login's name is made of. */
export interface LoginNameParts {
  readonly prefix: string;
  readonly service: string;
  /** Random characters of this generation. */
  readonly revision: string;
  /** Characters that the server takes. @default any number */
  readonly longest?: number | undefined;
}

/** What the server calls a login, and what of it changes with every generation. */
export interface LoginName {
  readonly username: string;
  readonly revision: string;
}

/** Two names that differ at all differ in these, or a server's limit would make one of them. */
const HASH_LENGTH = 12;

/** `prefix_service_revision`; where that is too long its beginning, and a hash of the whole in place of the revision. */
export function nameLogin({ prefix, service, revision, longest = Infinity }: LoginNameParts): LoginName {
  const username = `${prefix}_${service.replaceAll("-", "_")}_${revision}`;
  if (username.length <= longest) return { username, revision };
  const hash = createHash("sha256").update(username).digest("hex").slice(0, HASH_LENGTH);
  return { username: `${username.slice(0, longest - HASH_LENGTH - 1)}_${hash}`, revision: hash };
}

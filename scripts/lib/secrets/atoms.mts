// What of a secret value is secret: the passwords and keys in it, not the user names, hosts and file names around them.

/** Shorter ones stand in any text by chance. */
export const SHORTEST = 12;

/** What nobody would guess has a stretch of letters and digits, both, that no name has. */
const TOKEN = /[A-Za-z0-9+/_=.~-]{12,}/g;
const STRETCH = /[A-Za-z0-9]{12,}/g;
/** Public although they look like keys. */
const PUBLIC = /-----BEGIN (CERTIFICATE|PUBLIC KEY)-----[^]*?-----END \1-----|\bsha(256|384|512)[:-][A-Za-z0-9+/=]+/g;
const URL_PASSWORD = /^[a-z][a-z0-9+.-]*:\/\/[^/@\s:]*:([^@\s]+)@/i;
const HAS_STRUCTURE = /\s|^[a-z][a-z0-9+.-]*:\/\//i;

function looksRandom(token: string): boolean {
  return (token.match(STRETCH) ?? []).some((stretch) => /\d/.test(stretch) && /[A-Za-z]/.test(stretch));
}

function parsed(text: string): unknown {
  if (!/^\s*[[{"]/.test(text)) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The secret parts of a text that has public ones, too. */
function partsOf(text: string): string[] {
  const password = URL_PASSWORD.exec(text)?.[1];
  const tokens = text.replace(PUBLIC, " ").match(TOKEN) ?? [];
  return [...(password === undefined ? [] : [decoded(password)]), ...tokens.filter(looksRandom)];
}

function within(value: unknown): string[] {
  if (typeof value === "string") {
    const inner = parsed(value);
    return inner === undefined ? partsOf(value) : within(inner);
  }
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(within);
}

/**
 * The atoms of a value that is marked as secret. A text in one word is one, whatever it looks like; of lists, maps, JSON
 * texts, URLs and texts of several words only those parts count that look like no name.
 */
export function atomsOf(value: unknown): string[] {
  const isOneWord = typeof value === "string" && !HAS_STRUCTURE.test(value.trim()) && parsed(value) === undefined;
  return isOneWord ? atomsOfGiven(value) : longEnough(within(value));
}

/** The atoms of a value that somebody handed in as a secret: all of it, and its parts. */
export function atomsOfGiven(value: string): string[] {
  return longEnough([value.trim(), ...within(value)]);
}

function longEnough(atoms: readonly string[]): string[] {
  return [...new Set(atoms)].filter((atom) => atom.length >= SHORTEST);
}

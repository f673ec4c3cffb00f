// The secrets of a state as Pulumi keeps them: objects with its signature, and either a ciphertext or, where they were
// asked for, the plain text as JSON.

const SIGNATURE = "4dabf18193072939515e22adb298388d";
const IS_SECRET = "1b47061264138c4ac30d75fd1eb44270";

export interface Marked {
  readonly ciphertext?: string;
  readonly plaintext?: string;
}

export function isMarked(value: unknown): value is Marked {
  return typeof value === "object" && value !== null && (value as Record<string, unknown>)[SIGNATURE] === IS_SECRET;
}

/** Where in a state something stands: a resource and a path in it, or a path alone. */
export interface Spot {
  readonly urn: string;
  readonly path: string;
}

/** `urn:pulumi:dev::shop::random:index/randomPassword:RandomPassword::key, outputs.result` */
export function describeSpot({ urn, path }: Spot): string {
  return [urn, path].filter((part) => part !== "").join(", ");
}

export interface MarkedAt extends Spot {
  readonly marked: Marked;
}

interface Visitor {
  readonly secret?: (marked: Marked, spot: Spot) => void;
  /** Any other text, and the names of keys. */
  readonly text?: (text: string, spot: Spot) => void;
}

/** Walks through a state, a file of the history, or any other JSON. */
export function visit(value: unknown, visitor: Visitor, spot: Spot = { urn: "", path: "" }): void {
  if (typeof value === "string") {
    visitor.text?.(value, spot);
  } else if (isMarked(value)) {
    visitor.secret?.(value, spot);
  } else if (typeof value === "object" && value !== null) {
    const { urn } = value as { urn?: unknown };
    const at = typeof urn === "string" ? { urn, path: "" } : spot;
    for (const [key, inner] of Object.entries(value)) {
      const path = Array.isArray(value) ? `${at.path}[${key}]` : at.path === "" ? key : `${at.path}.${key}`;
      visitor.text?.(key, { urn: at.urn, path });
      visit(inner, visitor, { urn: at.urn, path });
    }
  }
}

/** All secrets of a state. */
export function markedIn(state: unknown): MarkedAt[] {
  const found: MarkedAt[] = [];
  visit(state, { secret: (marked, spot) => found.push({ ...spot, marked }) });
  return found;
}

/** The value of a secret that was asked for in plain text; nothing where the text is no JSON. */
export function plainValue({ plaintext }: Marked): unknown {
  try {
    return JSON.parse(plaintext ?? "null") as unknown;
  } catch {
    return undefined;
  }
}

// Looking for known secrets in texts that should hold none.
import { SHORTEST } from "./atoms.mts";
import { describeSpot, visit } from "./marked.mts";
import { spellingsOf } from "./spellings.mts";

/** A secret in one of its atoms, and how to speak of it without naming it. */
export interface Known {
  readonly atom: string;
  readonly name: string;
  readonly fix: string;
}

export interface Found {
  readonly secret: Known;
  readonly spelling: string;
  readonly file: string;
  /** Resource and path, or a line. */
  readonly at: string;
}

interface Needle {
  readonly text: string;
  readonly spelling: string;
  readonly secret: Known;
}

/** Searches any number of files; a text that was clean in one is not searched again in the next. */
export class Search {
  private readonly needles: readonly Needle[];
  private readonly clean = new Set<string>();

  constructor(secrets: readonly Known[]) {
    this.needles = secrets.flatMap((secret) =>
      [...spellingsOf(secret.atom)].map(([text, spelling]) => ({ text, spelling, secret })),
    );
  }

  /** A state, or whatever else Pulumi writes as JSON; encrypted values are left out. Other texts by lines. */
  in(file: string, content: string): Found[] {
    const json = parsed(content);
    if (json === undefined) return this.inLines(file, content);
    const found: Found[] = [];
    visit(json, { text: (text, spot) => found.push(...this.hits(text, file, () => describeSpot(spot))) });
    return found;
  }

  /** The text without any known secret, for messages: a secret may be part of a name. */
  redact(text: string): string {
    return this.needles.reduce((rest, needle) => rest.replaceAll(needle.text, "[secret]"), text);
  }

  private inLines(file: string, content: string): Found[] {
    return content.split("\n").flatMap((line, index) => this.hits(line, file, () => `line ${index + 1}`));
  }

  private hits(text: string, file: string, at: () => string): Found[] {
    if (text.length < SHORTEST || this.clean.has(text)) return [];
    const needles = this.needles.filter((needle) => text.includes(needle.text));
    if (needles.length === 0) this.clean.add(text);
    const last = new Map(needles.map((needle) => [needle.secret, needle]));
    return [...last.values()].map(({ secret, spelling }) => ({ secret, spelling, file, at: at() }));
  }
}

function parsed(content: string): unknown {
  if (!content.startsWith("{")) return undefined;
  try {
    return JSON.parse(content) as unknown;
  } catch {
    return undefined;
  }
}

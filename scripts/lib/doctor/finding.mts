// One thing that was looked at: `./dev doctor` shows all of them, the checks before `up` only what is not in order.

/** `note` is worth knowing and stops nothing; `missing` stops `up`. */
export type Mark = "ok" | "note" | "missing";

export interface Finding {
  readonly group: string;
  /** What was looked at; the path of a setting where there is one. */
  readonly name: string;
  readonly mark: Mark;
  readonly text: string;
  /** What to do about it, often a command to copy. */
  readonly fix?: string;
}

export function ok(group: string, name: string, text: string): Finding {
  return { group, name, mark: "ok", text };
}

export function note(group: string, name: string, text: string, fix?: string): Finding {
  return { group, name, mark: "note", text, ...(fix && { fix }) };
}

export function missing(group: string, name: string, text: string, fix?: string): Finding {
  return { group, name, mark: "missing", text, ...(fix && { fix }) };
}

export const GIB = 1024 ** 3;

/** `1.5 GiB`, or `300 MiB` below one. */
export function size(bytes: number): string {
  return bytes >= GIB ? `${(bytes / GIB).toFixed(1)} GiB` : `${Math.round(bytes / 1024 ** 2)} MiB`;
}

// The key-wise three-way merge behind the ignored working copy of Pulumi.dev.yaml.
import { isDeepStrictEqual } from "node:util";

export type Tree = { [key: string]: unknown };

export interface Merged {
  readonly value: Tree;
  /** Keys changed on both sides, where the local edit was kept. */
  readonly conflicts: readonly string[];
}

export function isTree(value: unknown): value is Tree {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !isSecret(value);
}

/** `{secure: "v1:…"}` is one value: its ciphertext must never be merged with another's. */
function isSecret(value: object): boolean {
  return Object.keys(value).length === 1 && "secure" in value;
}

/**
 * Local edits survive, everything else follows the committed file. Maps are merged key by key, lists and scalars are
 * taken whole; where both sides changed one key, the local value stays and the key is reported.
 */
export function mergeTrees(base: Tree, committed: Tree, local: Tree, path = ""): Merged {
  const value: Tree = {};
  const conflicts: string[] = [];
  for (const key of new Set([...Object.keys(committed), ...Object.keys(local)])) {
    const [was, theirs, ours] = [base[key], committed[key], local[key]];
    const at = path ? `${path}.${key}` : key;
    let chosen: unknown;
    if (isTree(theirs) && isTree(ours)) {
      const inner = mergeTrees(isTree(was) ? was : {}, theirs, ours, at);
      conflicts.push(...inner.conflicts);
      chosen = inner.value;
    } else if (isDeepStrictEqual(ours, was) || isDeepStrictEqual(ours, theirs)) {
      chosen = theirs;
    } else {
      if (!isDeepStrictEqual(theirs, was)) conflicts.push(at);
      chosen = ours;
    }
    if (chosen !== undefined) value[key] = chosen;
  }
  return { value, conflicts };
}

/** The tree without its encrypted values, and the paths of these. */
export function withoutSecrets(tree: Tree, path = ""): { value: Tree; dropped: string[] } {
  const dropped: string[] = [];
  const kept = Object.entries(tree).flatMap(([key, value]) => {
    const at = path ? `${path}.${key}` : key;
    if (typeof value === "object" && value !== null && isSecret(value)) {
      dropped.push(at);
      return [];
    }
    if (!isTree(value)) return [[key, value]];
    const inner = withoutSecrets(value, at);
    dropped.push(...inner.dropped);
    return [[key, inner.value]];
  });
  return { value: Object.fromEntries(kept) as Tree, dropped };
}

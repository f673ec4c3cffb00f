// What an update changed, in one line.
import { count } from "../run.mts";
import type { Kind, Progress } from "./model.mts";

const PAST: Readonly<Record<string, string>> = {
  create: "created",
  update: "updated",
  replace: "replaced",
  delete: "deleted",
  import: "imported",
  refresh: "refreshed",
};

/** `3 created, 1 replaced, 114 unchanged` from the engine's counts; nothing for an update that gave none. */
export function changesText(progress: Progress, same = "unchanged"): string | undefined {
  if (!progress.changes) return undefined;
  const words: Readonly<Record<string, string>> = { ...PAST, same };
  const parts = Object.keys(words).flatMap((op) => {
    const number = progress.changes?.[op] ?? 0;
    return number > 0 ? [`${number} ${words[op]}`] : [];
  });
  return parts.join(", ") || "nothing to change";
}

const KINDS: Readonly<Record<Kind, (number: number) => string>> = {
  network: (number) => count(number, "network"),
  secret: (number) => count(number, "secret"),
  other: (number) => count(number, "other resource"),
};

/** What changed that belongs to no single service. */
export function sharedText({ shared }: Progress): string {
  return (["network", "secret", "other"] as const)
    .flatMap((kind) => {
      const number = shared.done.get(kind) ?? 0;
      return number > 0 ? [KINDS[kind](number)] : [];
    })
    .join(", ");
}

// Small file helpers: nothing half-written, nothing rewritten without need.
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

export function readIfThere(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, "utf8") : undefined;
}

/** Writes through a rename, and only when the content differs. Returns whether it wrote. */
export function writeIfChanged(path: string, content: string, mode = 0o644): boolean {
  if (readIfThere(path) === content) return false;
  mkdirSync(dirname(path), { recursive: true });
  const draft = `${path}.${process.pid}.tmp`;
  writeFileSync(draft, content, { mode });
  chmodSync(draft, mode);
  renameSync(draft, path);
  return true;
}

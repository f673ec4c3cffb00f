// The limits and images that a program's schema knows, read by loading settings.ts once and kept until one of its files changes.
// Loading takes about a second (it brings the whole library), reading them back a few milliseconds.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readIfThere, writeIfChanged } from "../files.mts";
import { ask, lastLine } from "./ask.mts";
import type { Rules } from "./needs.mts";

interface Kept extends Rules {
  /** Hash of each file that the rules follow from. */
  readonly inputs: Readonly<Record<string, string>>;
}

export function settingsModule(projectDir: string): string {
  return join(projectDir, "settings.ts");
}

export function fileHash(file: string): string {
  return createHash("sha256").update(readFileSync(file)).digest("hex").slice(0, 16);
}

function isCurrent({ inputs }: Kept, projectDir: string): boolean {
  try {
    const files = Object.entries(inputs);
    return settingsModule(projectDir) in inputs && files.every(([file, hash]) => fileHash(file) === hash);
  } catch {
    return false; // one of them is gone
  }
}

function parse(text: string | undefined): Kept | undefined {
  try {
    const kept = JSON.parse(text ?? "null") as Partial<Kept> | null;
    return kept?.inputs && kept.limits && kept.replicas && kept.images ? (kept as Kept) : undefined;
  } catch {
    return undefined;
  }
}

/** The rules, or why they are not known. Only where they may be kept is anything written. */
export async function readRules(projectDir: string, keep: boolean, ms = 20_000): Promise<Rules | string> {
  const file = join(projectDir, ".dockwright", "settings-rules.json");
  const kept = parse(readIfThere(file));
  if (kept && isCurrent(kept, projectDir)) return kept;
  const script = join(import.meta.dirname, "..", "..", "settings-rules.mts");
  const loaded = await ask(process.execPath, [script, projectDir], ms);
  const fresh = loaded.status === 0 ? parse(loaded.stdout) : undefined;
  if (!fresh) return explain(loaded.stderr) || `exit code ${loaded.status}`;
  if (keep) writeIfChanged(file, `${JSON.stringify(fresh)}\n`);
  return fresh;
}

/** Of a stack trace the line that names the error. */
function explain(stderr: string): string {
  const named = stderr.split("\n").find((line) => /^\w*error\b.*: /i.test(line));
  return (named ?? lastLine(stderr)).replace(/^error: /, "").trim();
}

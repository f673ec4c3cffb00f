// Files that a test makes for `dev` to find, with their folders.
import { chmodSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

export function file(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

/** A program in bash. One that may be a link to the real one is replaced, and not written through. */
export function program(path: string, body: string): void {
  rmSync(path, { force: true });
  file(path, `#!/usr/bin/env bash\n${body}\n`);
  chmodSync(path, 0o755);
}

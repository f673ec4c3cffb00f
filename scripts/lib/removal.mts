// What `down --volumes` has to know once it has begun: what was protected before, in case it does not get to its end, and
// the ids of the stack, which go with the state.
import { rmSync, writeFileSync } from "node:fs";
import { readIfThere } from "./files.mts";
import { output } from "./run.mts";
import type { State } from "./state.mts";

export interface Removal {
  readonly protected: readonly string[];
  readonly stackIds: readonly string[];
}

const NOTHING: Removal = { protected: [], stackIds: [] };

export function readRemoval(file: string): Removal | undefined {
  const text = readIfThere(file);
  if (text === undefined) return undefined;
  try {
    return { ...NOTHING, ...(JSON.parse(text) as Partial<Removal>) };
  } catch {
    return NOTHING; // written half: then nothing was unprotected yet
  }
}

/** Takes the protection of everything; the file says how to put it back. */
export function unprotect(stack: string, state: State, file: string): void {
  writeFileSync(file, JSON.stringify({ protected: state.protected, stackIds: state.stackIds }), { mode: 0o600 });
  if (state.protected.length === 0) return;
  output("pulumi", ["state", "unprotect", "--all", "--yes", "--stack", stack, "--non-interactive"]);
}

/** Puts the protection back of what is still there, and forgets that it was gone. Returns of how many. */
export function protect(stack: string, state: State | undefined, file: string): number {
  const lacking = (readRemoval(file)?.protected ?? []).filter(
    (urn) => state?.urns.includes(urn) === true && !state.protected.includes(urn),
  );
  if (lacking.length > 0) {
    output("pulumi", ["state", "protect", ...lacking, "--yes", "--stack", stack, "--non-interactive"]);
  }
  rmSync(file, { force: true });
  return lacking.length;
}

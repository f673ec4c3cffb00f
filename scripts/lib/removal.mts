// What `down --volumes` has to know once it has begun: what was protected before, in case it does not get to its end, and
// the ids of the stack, which go with the state.
import { rmSync, writeFileSync } from "node:fs";
import type { Labelled } from "./docker.mts";
import { readIfThere } from "./files.mts";
import { output } from "./run.mts";
import type { State } from "./state.mts";

export interface Removal {
  readonly protected: readonly string[];
  readonly stackIds: readonly string[];
  /** Of lost states whose data it took over. */
  readonly dataIds: readonly string[];
}

const NOTHING: Removal = { protected: [], stackIds: [], dataIds: [] };

export function readRemoval(file: string): Removal | undefined {
  const text = readIfThere(file);
  if (text === undefined) return undefined;
  try {
    return { ...NOTHING, ...(JSON.parse(text) as Partial<Removal>) };
  } catch {
    return NOTHING; // written half: then nothing was unprotected yet
  }
}

const union = (some: readonly string[] = [], others: readonly string[] = []): string[] => [
  ...new Set([...some, ...others]),
];

function writeRemoval(file: string, removal: Removal): void {
  writeFileSync(file, JSON.stringify(removal), { mode: 0o600 });
}

/** Takes the protection of everything; the file says how to put it back, and keeps what it said of one before. */
export function unprotect(stack: string, state: State, file: string): void {
  const before = readRemoval(file);
  writeRemoval(file, {
    protected: union(before?.protected, state.protected),
    stackIds: union(before?.stackIds, state.stackIds),
    dataIds: union(before?.dataIds, [...state.dataIds, ...state.volumeIds]),
  });
  if (state.protected.length === 0) return;
  output("pulumi", ["state", "unprotect", "--all", "--yes", "--stack", stack, "--non-interactive"]);
}

/**
 * Puts the protection back of what is still there, and forgets that it was gone, but for ids that the state has lost with
 * its records: what bears them is still the stack's. Returns of how many.
 */
export function protect(stack: string, state: State | undefined, file: string): number {
  const lacking = (readRemoval(file)?.protected ?? []).filter(
    (urn) => state?.urns.includes(urn) === true && !state.protected.includes(urn),
  );
  if (lacking.length > 0) {
    output("pulumi", ["state", "protect", ...lacking, "--yes", "--stack", stack, "--non-interactive"]);
  }
  const { stackIds, dataIds } = readRemoval(file) ?? NOTHING;
  if (stackIds.every((id) => state?.stackIds.includes(id) === true)) rmSync(file, { force: true });
  else writeRemoval(file, { protected: [], stackIds, dataIds });
  return lacking.length;
}

/** Forgets a removal of which nothing is left in Docker that the state would not know without it. */
export function forgetRemoval(file: string, labelled: readonly Labelled[]): void {
  const { stackIds } = readRemoval(file) ?? NOTHING;
  if (!labelled.some(({ stackId }) => stackIds.includes(stackId))) rmSync(file, { force: true });
}

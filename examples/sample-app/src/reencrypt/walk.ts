import type { EncryptionRing } from "../encryption-ring.ts";
import type { Replacement, StoredToken, TokenStore } from "./token-store.ts";

export interface WalkOptions {
  readonly store: TokenStore;
  readonly ring: EncryptionRing;
  /** Ends the walk after the batch in hand. */
  readonly stop: AbortSignal;
  /** Rows that are in memory at the same time, of up to 22 kB each. @default 100: more of them are no faster */
  readonly batchSize?: number;
}

/** What the last pass met. */
interface Findings {
  /** Rows with a token of an older key. */
  readonly stale: number;
  /** Rows with a token of a newer key. */
  readonly newer: number;
  /** Rows whose token no key of the ring reads. */
  readonly unreadable: number;
  /** Of those, the first few. */
  readonly unreadableIds: readonly string[];
  /** False if it was stopped before the last row. */
  readonly complete: boolean;
}

/** Findings, and counts of all passes together. */
export interface Outcome extends Findings {
  readonly passes: number;
  readonly read: number;
  readonly rewritten: number;
  /** Rows whose token the current key had made without a note of it. */
  readonly noted: number;
}

type Tally = { -readonly [K in keyof Outcome]: Outcome[K] } & { unreadableIds: string[] };

/** Processes with the older key have only requests in hand to finish, so that one pass or two should do. */
const mostPasses = 5;

const mostIds = 5;

const nothingFound = () => ({ stale: 0, newer: 0, unreadable: 0, unreadableIds: [], complete: false });

/**
 * Gives every row of an older key a token of the current one. What carries the current kid is not looked at, so that a
 * later run goes on where this one ended, wherever that was. A token of a newer key is left alone: a run with an older
 * ring must not undo what one with a newer ring did. Passes are repeated until one meets no older token, because rows may
 * come in behind a pass, or change between reading and rewriting.
 */
export async function walk(options: WalkOptions): Promise<Outcome> {
  const tally: Tally = { passes: 0, read: 0, rewritten: 0, noted: 0, ...nothingFound() };
  do {
    Object.assign(tally, nothingFound());
    tally.passes += 1;
    await pass(options, tally);
  } while (tally.complete && tally.stale > 0 && tally.passes < mostPasses);
  return tally;
}

/** Visits each row once, batch by batch in the order of ids. */
async function pass({ store, ring, stop, batchSize = 100 }: WalkOptions, tally: Tally): Promise<void> {
  let last: string | undefined;
  while (!tally.complete && !stop.aborted) {
    const rows = await store.after(last, batchSize);
    tally.read += rows.length;
    const { replacements, current } = sorted(rows, ring, tally);
    if (replacements.length > 0) tally.rewritten += await store.replace(replacements);
    if (current.length > 0) tally.noted += await store.note(current);
    last = rows.at(-1)?.id;
    tally.complete = rows.length < batchSize;
  }
}

/** Rows to rewrite, and rows of which only the kid is to be noted. */
function sorted(rows: readonly StoredToken[], ring: EncryptionRing, tally: Tally) {
  const replacements: Replacement[] = [];
  const current: StoredToken[] = [];
  for (const row of rows) {
    const reading = ring.read(row.token);
    if (!reading) {
      tally.unreadable += 1;
      if (tally.unreadableIds.length < mostIds) tally.unreadableIds.push(row.id);
    } else if (reading.madeBy === "older") replacements.push({ ...row, newToken: ring.encrypt(reading.text) });
    else if (reading.madeBy === "current") current.push(row);
    else tally.newer += 1;
  }
  tally.stale += replacements.length;
  return { replacements, current };
}

// The command line of `./dev test`.
import { parseArgs } from "node:util";
import { UserError } from "../run.mts";

export interface Options {
  /** All cases of every matrix instead of a drawn part. */
  readonly full: boolean;
  /** Only what the changes since main concern. */
  readonly changed: boolean;
  /** Suites, files or names of tests. */
  readonly patterns: readonly string[];
  /** Draws the cases of matrices; the same one draws the same. */
  readonly seed: number;
}

const LARGEST_SEED = 2 ** 31 - 1;

/** Reads it; without a seed in the environment one is made up. */
export function readOptions(args: readonly string[], seedText: string | undefined): Options {
  const options = { full: { type: "boolean" }, changed: { type: "boolean" } } as const;
  const { values, positionals } = parse(() => parseArgs({ args: [...args], options, allowPositionals: true }));
  const { full = false, changed = false } = values;
  if (changed && positionals.length > 0) {
    throw new UserError("test takes --changed or patterns, got both", "see ./dev help");
  }
  return { full, changed, patterns: positionals, seed: readSeed(seedText) };
}

function parse<Result>(read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    throw new UserError(`test: ${(error as Error).message}`, "see ./dev help");
  }
}

function readSeed(text: string | undefined): number {
  if (text === undefined || text === "") return Math.floor(Math.random() * LARGEST_SEED);
  const seed = Number(text);
  if (/^\d+$/.test(text) && seed <= LARGEST_SEED) return seed;
  throw new UserError(`DOCKWRIGHT_TEST_SEED: want a whole number from 0 to ${LARGEST_SEED}, got ${text}`);
}

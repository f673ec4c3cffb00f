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
}

export function readOptions(args: readonly string[]): Options {
  const options = { full: { type: "boolean" }, changed: { type: "boolean" } } as const;
  const { values, positionals } = parse(() => parseArgs({ args: [...args], options, allowPositionals: true }));
  const { full = false, changed = false } = values;
  if (changed && positionals.length > 0) {
    throw new UserError("test takes --changed or patterns, got both", "see ./dev help");
  }
  return { full, changed, patterns: positionals };
}

function parse<Result>(read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    throw new UserError(`test: ${(error as Error).message}`, "see ./dev help");
  }
}

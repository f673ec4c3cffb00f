// The files of e2e tests, and what each says of itself in its first comment.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { extract, parse } from "jest-docblock";
import { UserError } from "../run.mts";

/**
 * How a file may run: `beside others`, or `alone`, after them: it counts requests under load, restarts the daemon or
 * measures seconds.
 */
export type Way = "beside others" | "alone";

export interface E2eFile {
  /** Name in test/e2e. */
  readonly file: string;
  readonly runs: Way;
  /** Paths whose change concerns it, by how they begin; `product` is all that a stack is made of. @default `product` */
  readonly covers?: readonly string[];
}

const WAYS: readonly string[] = ["beside others", "alone"] satisfies Way[];

/** All of them, by name. */
export function readE2eFiles(folder: string): E2eFile[] {
  const files = readdirSync(folder).filter((name) => name.endsWith(".test.ts"));
  return files.sort().map((file) => readE2eFile(file, readFileSync(join(folder, file), "utf8")));
}

/** What a file says by `@runs` and `@covers`; throws when it says no way to run. */
export function readE2eFile(file: string, text: string): E2eFile {
  const { runs, covers } = parse(extract(text));
  if (typeof runs !== "string" || !WAYS.includes(runs)) {
    const got = runs === undefined ? "nothing" : `"${String(runs)}"`;
    throw new UserError(`${file}: want @runs ${WAYS.join(" or @runs ")} in its first comment, got ${got}`);
  }
  const paths = [covers ?? []].flat().flatMap((line) => line.split(/\s+/).filter(Boolean));
  return { file, runs: runs as Way, ...(paths.length > 0 && { covers: paths }) };
}

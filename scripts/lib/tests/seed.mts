// The number by which a run draws the cases of large matrices. Runs in a row have numbers in a row, since those play
// every case (test/support/draw.ts).
import { homedir } from "node:os";
import { join } from "node:path";
import { readIfThere, writeIfChanged } from "../files.mts";
import { UserError } from "../run.mts";

type Env = Readonly<Record<string, string | undefined>>;

const LARGEST_SEED = 2 ** 31 - 1;

/** The number that the environment names: a person by DOCKWRIGHT_TEST_SEED, or else GitHub, which counts its runs. */
export function givenSeed(env: Env): number | undefined {
  const own = env["DOCKWRIGHT_TEST_SEED"] ?? "";
  if (own === "") return readSeed(env["GITHUB_RUN_NUMBER"]);
  const seed = readSeed(own);
  if (seed !== undefined) return seed;
  throw new UserError(`DOCKWRIGHT_TEST_SEED: want a whole number from 0 to ${LARGEST_SEED}, got ${own}`);
}

/** The number of the last run that drew cases; one more for a run that draws, or a random one where nobody can count. */
export function countSeed(env: Env, draws: boolean): number {
  try {
    const file = join(cacheFolder(env), "test-seed");
    const last = readSeed(readIfThere(file)?.trim()) ?? 0;
    if (!draws) return last;
    const next = last < LARGEST_SEED ? last + 1 : 0;
    writeIfChanged(file, `${next}\n`);
    return next;
  } catch {
    return Math.floor(Math.random() * LARGEST_SEED);
  }
}

function readSeed(text = ""): number | undefined {
  return /^\d+$/.test(text) && Number(text) <= LARGEST_SEED ? Number(text) : undefined;
}

/** The same folder as that of dev. */
function cacheFolder(env: Env): string {
  return env["DOCKWRIGHT_CACHE_DIR"] || join(env["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "dockwright");
}

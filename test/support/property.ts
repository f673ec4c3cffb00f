import * as fc from "fast-check";

import { runSeed } from "./draw";

/** Texts as people give them and as attackers do: any characters, and many of those that mean something somewhere. */
export const anyText = fc.oneof(
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.string({ unit: "grapheme", maxLength: 40 }),
  fc.string({
    unit: fc.constantFrom(...Array.from(` \t\n\r\0'"\`\\$&|;<>(){}[]*?~#%+=:@/.,-_^!éß€😀a1`)),
    maxLength: 20,
  }),
);

/** Draws by the seed of the run, which its output names. */
export function drawing(numRuns: number): { seed: number; numRuns: number } {
  return { seed: runSeed(), numRuns };
}

/** Whether a program refuses a value; it may do nothing else but take it. */
export function refuses(act: () => unknown, words: RegExp): boolean {
  try {
    act();
    return false;
  } catch (error) {
    if (words.test((error as Error).message)) return true;
    throw error;
  }
}

// Large matrices are drawn from: a run plays a part of their cases, a few runs play all of them.
/** By matrix, in how many runs with seeds in a row every case is played once: at most ten. */
export const RUNS_FOR_ALL = {
  "bad input on running stacks": 3,
  "images of nginx": 2,
  "kinds of interruption": 6,
  "places that stacks and images come from": 2,
  "rotations on dev": 4,
  "rotations on prod": 4,
  "systems in all environments": 2,
  "volumes with a past": 2,
} as const;

export type Matrix = keyof typeof RUNS_FOR_ALL;

export interface Draw {
  readonly seed: number;
  /** Whether all cases are played. */
  readonly full: boolean;
}

/** Which cases of a matrix a run plays, in their own order. Seeds in a row play all of them, one part after another. */
export function draw<Case>(matrix: Matrix, cases: readonly Case[], { seed, full }: Draw): Case[] {
  const parts = RUNS_FOR_ALL[matrix];
  const partOf = (index: number) => (index + offsetOf(matrix)) % parts;
  return cases.filter((_, index) => full || partOf(index) === seed % parts);
}

/** Matrices of the same size should not all begin anew with the same seed. */
function offsetOf(matrix: Matrix): number {
  return Object.keys(RUNS_FOR_ALL).indexOf(matrix);
}

/** The cases that this run plays, as `./dev test` says in the environment; without it all of them. */
export function drawn<Case>(matrix: Matrix, cases: readonly Case[]): Case[] {
  return draw(matrix, cases, thisRun());
}

/** How this run draws. */
export function thisRun(): Draw {
  return { seed: runSeed(), full: process.env["DOCKWRIGHT_TEST_FULL"] !== "false" };
}

/** Why this run does not play a case that stands by itself, one of the names of a matrix; nothing where it does. */
export function notDrawn<Name>(matrix: Matrix, names: readonly Name[], name: Name): string | undefined {
  return drawn(matrix, names).includes(name) ? undefined : `DOCKWRIGHT_TEST_SEED=${runSeed()} does not draw it`;
}

/** Cases that have a file each. */
export const PLACES = ["remote host", "private registry"] as const;

/** The number by which this run draws; what else it makes up at random follows from it, too. */
export function runSeed(): number {
  return Number(process.env["DOCKWRIGHT_TEST_SEED"] ?? 0);
}

// Large matrices are drawn from: a run plays a part of their cases, a few runs play all of them.
/** By matrix, into how many parts its cases are dealt, each for a run. */
export const PARTS = {
  "bad input on running stacks": 3,
  "images of nginx": 2,
  "kinds of interruption": 7,
  "lives of the systems": 2,
  "places that stacks and images come from": 2,
  "rotations on dev": 4,
  "rotations on prod": 2,
  "systems in all environments": 2,
  "volumes with a past": 2,
} as const;

export type Matrix = keyof typeof PARTS;

/** Matrices whose next part is for the run in which another one begins anew: their cases belong to each case of that one. */
const WITHIN: Partial<Record<Matrix, Matrix>> = {
  "rotations on dev": "systems in all environments",
  "rotations on prod": "systems in all environments",
};

/** How many runs with the same part come after one another, those of the matrix around it. */
function runsOfPart(matrix: Matrix): number {
  const around = WITHIN[matrix];
  return around === undefined ? 1 : PARTS[around];
}

/** In how many runs with seeds in a row every case of a matrix is played: at most ten. */
export function runsForAll(matrix: Matrix): number {
  return PARTS[matrix] * runsOfPart(matrix);
}

export interface Draw {
  readonly seed: number;
  /** Whether all cases are played. */
  readonly full: boolean;
}

/** Which cases of a matrix a run plays, in their own order. Seeds in a row play all of them, one part after another. */
export function draw<Case>(matrix: Matrix, cases: readonly Case[], { seed, full }: Draw): Case[] {
  const parts = PARTS[matrix];
  const partOf = (index: number) => (index + offsetOf(matrix)) % parts;
  const part = Math.floor(seed / runsOfPart(matrix)) % parts;
  return cases.filter((_, index) => full || partOf(index) === part);
}

/** Matrices of the same size should not all begin anew with the same seed. */
function offsetOf(matrix: Matrix): number {
  return Object.keys(PARTS).indexOf(matrix);
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

// Cases that have a file each.
/** Systems from their first start to their removal: a run plays that of the one that systems.test.ts does not have in dev. */
export const LIVES = ["task-tracker", "lunch-bot"] as const;
export const PLACES = ["remote host", "private registry"] as const;

/** The number by which this run draws; what else it makes up at random follows from it, too. */
export function runSeed(): number {
  return Number(process.env["DOCKWRIGHT_TEST_SEED"] ?? 0);
}

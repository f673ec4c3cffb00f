import { Generations } from "../support/load/loaded-stack";

/** By system, what it goes through step by step. */
export type Plans = Readonly<Record<string, readonly Generations[]>>;

/**
 * On dev's settings: each credential by itself, jumps, ways back by one and by several, and two at once; signing keys move
 * by one. Each part begins wherever those before it have left off, and ends so that docs/rotation.md has something to do.
 */
export const ON_DEV: readonly Plans[] = [
  { "lunch-bot": [{ database: 3 }, { cache: 2 }], "task-tracker": [{ database: 2 }] },
  {
    "lunch-bot": [
      { database: 5, cache: 3 },
      { database: 1, broker: 7 },
    ],
    "task-tracker": [{ broker: 2 }],
  },
  { "lunch-bot": [{ broker: 2 }, { database: 4 }], "task-tracker": [{ encryption: 2 }] },
  {
    "lunch-bot": [{ jwt: 2 }, { database: 2 }, { database: 1, jwt: 1 }],
    "task-tracker": [{ database: 3, broker: 3 }],
  },
];

/** On prod's settings, where an update takes longer, two at once. */
export const ON_PROD: readonly Plans[] = [
  { "lunch-bot": [{ database: 2, cache: 2 }], "task-tracker": [{ database: 2, broker: 2 }] },
  { "lunch-bot": [{ broker: 2, jwt: 2 }], "task-tracker": [{ encryption: 2 }] },
];

/** By how much a ring of keys may not move: replicas, or data, would be left with keys that nobody knows. */
export const REFUSED: Readonly<Record<string, { readonly ring: string; readonly moves: readonly number[] }>> = {
  "lunch-bot": { ring: "jwt", moves: [2] },
  "task-tracker": { ring: "encryption", moves: [-1, 2] },
};

/** A rotation that is cut off, and where it goes instead of being finished. */
export interface Round {
  readonly to: Generations;
  /** A ring of keys that moves by one, wherever it is. @default none does */
  readonly raises?: string;
  /** @default it is finished */
  readonly instead?: Generations;
}

/** Rotations that are cut off, by system. Each goes on from what others have left, in whatever order they are played. */
export const ROUNDS: readonly Readonly<Record<string, Round>>[] = [
  { "lunch-bot": { to: { database: 8 } }, "task-tracker": { to: { broker: 12 } } },
  { "lunch-bot": { to: { broker: 6 } }, "task-tracker": { to: { database: 12 } } },
  {
    "lunch-bot": { to: { database: 9, cache: 7, broker: 3, jwt: 2 } },
    "task-tracker": { to: { database: 4, broker: 4 }, raises: "encryption" },
  },
  {
    "lunch-bot": { to: { database: 4, broker: 4 }, instead: { database: 3, broker: 5 } },
    "task-tracker": { to: { database: 5 }, instead: { database: 4 } },
  },
  {
    "lunch-bot": { to: { cache: 5, jwt: 1 }, instead: { cache: 4, jwt: 2 } },
    "task-tracker": { to: { broker: 9 }, instead: { broker: 3, database: 1 } },
  },
  { "lunch-bot": { to: { cache: 6 } }, "task-tracker": { to: { broker: 10, database: 7 } } },
];

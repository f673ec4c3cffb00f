import { Call } from "./connections";

/** What the clients of a system do, and what has to have come of it. */
export interface Workload {
  /** The n-th request, from 0. */
  readonly next: (n: number) => Call;
  /** What a client asks now and then. */
  readonly quiet: () => Call;
  /** Waits until the system has done all that it acknowledged; gives what it lost or did twice. */
  readonly settled: () => Promise<string[]>;
  /** What else is worth a word at the end. @default nothing */
  readonly remarks?: () => string;
  /** Ends what is still open. */
  readonly end: () => Promise<void>;
}

/** Asks the stack's database, and gives rows of fields. */
export type Query = (sql: string) => Promise<string[][]>;

/** The item of a list whose turn it is. */
export function turn<Item>(items: readonly Item[], n: number): Item {
  return items[n % items.length] as Item;
}

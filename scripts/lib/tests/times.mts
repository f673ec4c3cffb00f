// Where the time of a run went: a table for people, and the same for programs.
import type { Ended } from "./counts.mts";
import { jsonLines } from "./results.mts";

/** What tests do that takes time, as test/e2e/support/times.ts writes it down. */
export const KINDS = ["up", "down", "preview", "build", "wait"] as const;
export type Kind = (typeof KINDS)[number];

/** A line of that record. */
export interface Took {
  readonly file: string;
  readonly test: string;
  readonly kind: Kind | "other";
  readonly what: string;
  readonly seconds: number;
}

/** The record of a run; a line that was cut off or written into by others is left out. */
export function readRecord(text: string): Took[] {
  return jsonLines<Took>(text);
}

export interface Sum {
  readonly times: number;
  /** All of them together: those that ran beside one another count each. */
  readonly seconds: number;
}

/** Times of one suite or of one of its files. */
export interface Times {
  readonly name: string;
  readonly seconds: number;
  readonly tests: number;
  readonly kinds: Readonly<Partial<Record<Kind, Sum>>>;
}

export interface SuiteTimes extends Times {
  readonly files: readonly Times[];
}

/** Times of every suite, and of every file where something in it was written down. Other suites have equal file names. */
export function timesOf(suites: readonly Ended[], record: readonly Took[]): SuiteTimes[] {
  return suites.map(({ name, seconds, report, timed = false }) => {
    const own = timed ? record : [];
    const tests = report?.tests ?? [];
    const files = (report?.files ?? []).filter(({ file }) => own.some((took) => took.file === file));
    const rows = files.map((each) => ({
      name: each.file,
      seconds: each.seconds,
      tests: tests.filter(({ file }) => file === each.file).length,
      kinds: sumKinds(own.filter(({ file }) => file === each.file)),
    }));
    const within = own.filter(({ file }) => files.some((each) => each.file === file));
    return {
      name,
      seconds,
      tests: report === undefined ? 1 : tests.length,
      kinds: sumKinds(within),
      files: rows.sort((a, b) => b.seconds - a.seconds),
    };
  });
}

function sumKinds(record: readonly Took[]): Times["kinds"] {
  const kinds = KINDS.map((kind) => [kind, record.filter((took) => took.kind === kind)] as const);
  return Object.fromEntries(
    kinds
      .filter(([, found]) => found.length > 0)
      .map(([kind, found]) => [
        kind,
        { times: found.length, seconds: found.reduce((sum, each) => sum + each.seconds, 0) },
      ]),
  );
}

/** `12 × 310 s` for what was done twelve times and took 310 s in all. */
function describeSum(sum: Sum | undefined): string {
  return sum === undefined ? "" : `${sum.times} × ${Math.round(sum.seconds)} s`;
}

const HEAD = ["suite or file", "seconds", "tests", ...KINDS];

/** The table, in lines. */
export function timesTable(suites: readonly SuiteTimes[]): string[] {
  const row = (times: Times, name: string): string[] => [
    name,
    times.seconds.toFixed(1),
    String(times.tests),
    ...KINDS.map((kind) => describeSum(times.kinds[kind])),
  ];
  const rows = suites.flatMap((suite) => [
    row(suite, suite.name),
    ...suite.files.map((file) => row(file, `  ${file.name}`)),
  ]);
  const widths = HEAD.map((head, column) => Math.max(head.length, ...rows.map((cells) => cells[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string => {
    const padded = cells.map((cell, column) => {
      const width = widths[column] ?? 0;
      return column === 0 ? cell.padEnd(width) : cell.padStart(width);
    });
    return `    ${padded.join("  ")}`.trimEnd();
  };
  return [HEAD, ...rows].map(line);
}

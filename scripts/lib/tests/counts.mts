// Adding up what the suites report.
import type { Report, Status } from "./results.mts";
import type { Runner } from "./suites.mts";

export type Counts = Readonly<Record<Status, number>>;

/** A suite that has ended. */
export interface Ended {
  readonly name: string;
  readonly runner: Runner;
  readonly exitCode: number;
  readonly seconds: number;
  /** What it says of its tests. @default it is plain, or left none */
  readonly report?: Report;
  /** Last lines of what it printed. @default it printed nothing */
  readonly said?: readonly string[];
  /** Whether its tests wrote down what took time. @default they did not */
  readonly timed?: boolean;
  /** Why it could not run as it should. @default it could */
  readonly skipped?: string;
}

/** Why a suite failed, where that is no failed test of it. */
export function troubleOf({ runner, exitCode, report }: Ended): string | undefined {
  if (runner !== "plain" && report === undefined) return "it left no report";
  return exitCode !== 0 && countTests(report).failed === 0 ? `it ended with ${exitCode}` : undefined;
}

/** A plain suite is one test, and so is the trouble of any. Where CI skips a suite, it fails. */
export function countSuite(suite: Ended, isCi: boolean): Counts {
  const counts = countTests(suite.report);
  const failed = counts.failed + (troubleOf(suite) === undefined ? 0 : 1);
  if (suite.skipped !== undefined) {
    const missing = Math.max(counts.skipped, 1);
    return isCi ? { ...counts, failed: failed + missing, skipped: 0 } : { ...counts, failed, skipped: missing };
  }
  const isOneTest = suite.runner === "plain" && failed === 0;
  return { ...counts, failed, passed: isOneTest ? 1 : counts.passed };
}

function countTests(report: Report | undefined): Counts {
  const count = (wanted: Status): number => report?.tests.filter(({ status }) => status === wanted).length ?? 0;
  return { passed: count("passed"), failed: count("failed"), skipped: count("skipped") };
}

export function addCounts(all: readonly Counts[]): Counts {
  const sum = (status: Status): number => all.reduce((total, counts) => total + counts[status], 0);
  return { passed: sum("passed"), failed: sum("failed"), skipped: sum("skipped") };
}

/** `12 passed, 0 failed`, with the skipped ones where there are any. */
export function describeCounts({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
}

// Adding up what the suites report.
import type { Report, Status } from "./results.mts";

export type Counts = Readonly<Record<Status, number>>;

/** A suite that has ended. */
export interface Ended {
  readonly name: string;
  readonly exitCode: number;
  readonly seconds: number;
  /** @default the suite has no tests of its own: all of it is one */
  readonly report?: Report;
  /** Whether its tests wrote down what took time. @default they did not */
  readonly timed?: boolean;
  /** Why it could not run as it should. @default it could */
  readonly skipped?: string;
}

const NONE: Counts = { passed: 0, failed: 0, skipped: 0 };

/** A suite without tests of its own (shellcheck, the type check) is one test. Where CI skips a suite, it fails. */
export function countSuite({ exitCode, report, skipped }: Ended, isCi: boolean): Counts {
  const counts = countTests(report);
  if (skipped !== undefined) {
    const missing = Math.max(counts.skipped, 1);
    return isCi ? { ...counts, failed: counts.failed + missing, skipped: 0 } : { ...counts, skipped: missing };
  }
  if (exitCode !== 0 && counts.failed === 0) return { ...counts, failed: 1 };
  return report === undefined ? { ...NONE, passed: 1 } : counts;
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

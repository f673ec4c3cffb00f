// Adding up what the test runners report.

export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export interface Suite {
  readonly name: string;
  readonly exitCode: number;
  /** What the runner wrote about its tests, if it did. */
  readonly report?: { readonly kind: "jest" | "node" | "go"; readonly text: string };
  /** Why the suite could not run as it should. */
  readonly skipped?: string;
}

const NONE: Counts = { passed: 0, failed: 0, skipped: 0 };

export function add(a: Counts, b: Counts): Counts {
  return { passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped };
}

interface JestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests?: number;
  readonly numRuntimeErrorTestSuites: number;
}

/** Files that did not even load count as failed tests. */
export function countJest(text: string): Counts {
  const report = JSON.parse(text) as JestReport;
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + report.numRuntimeErrorTestSuites,
    skipped: report.numPendingTests + (report.numTodoTests ?? 0),
  };
}

/** The closing lines of `node --test`, in the spec reporter's form (`ℹ pass 3`) or TAP's (`# pass 3`). */
export function countNode(text: string): Counts {
  const sum = (word: string): number => {
    const found = text.matchAll(new RegExp(`^(?:\\u001b\\[\\d+m)?(?:ℹ|#) ${word} (\\d+)`, "gm"));
    return [...found].reduce((total, match) => total + Number(match[1]), 0);
  };
  return { passed: sum("pass"), failed: sum("fail") + sum("cancelled"), skipped: sum("skipped") + sum("todo") };
}

interface GoEvent {
  readonly Action?: string;
  readonly Test?: string;
  readonly Package?: string;
}

/** `go test -json`: one count per test; a package that fails without a failed test (it did not build) counts once. */
export function countGo(text: string): Counts {
  let counts = NONE;
  const failedIn = new Set<string | undefined>();
  for (const line of text.split("\n")) {
    if (!line.startsWith("{")) continue;
    const { Action, Test, Package } = JSON.parse(line) as GoEvent;
    if (Test === undefined) {
      if (Action === "fail" && !failedIn.has(Package)) counts = add(counts, { ...NONE, failed: 1 });
    } else if (Action === "pass") counts = add(counts, { ...NONE, passed: 1 });
    else if (Action === "skip") counts = add(counts, { ...NONE, skipped: 1 });
    else if (Action === "fail") {
      counts = add(counts, { ...NONE, failed: 1 });
      failedIn.add(Package);
    }
  }
  return counts;
}

const COUNTERS = { jest: countJest, node: countNode, go: countGo };

/** A suite without tests of its own (shellcheck, the type check) is one test. */
export function countSuite(suite: Suite, ci: boolean): Counts {
  const { exitCode, report, skipped } = suite;
  const counts = report ? COUNTERS[report.kind](report.text) : NONE;
  if (skipped !== undefined) {
    const missing = Math.max(counts.skipped, 1);
    const failed = counts.failed + (exitCode !== 0 && counts.failed === 0 ? 1 : 0);
    return ci
      ? { passed: counts.passed, failed: failed + missing, skipped: 0 }
      : { passed: counts.passed, failed, skipped: missing };
  }
  if (exitCode !== 0 && counts.failed === 0) return { ...counts, failed: 1 };
  return !report && exitCode === 0 ? { ...NONE, passed: 1 } : counts;
}

/** `12 passed, 0 failed`, with the skipped ones where there are any. */
export function describe({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
}

// What a run says of its failures: the last thing before the counts, so that nobody has to scroll for it.
import type { Ended } from "./counts.mts";

/** Lines of a reason: the comparison of jest and the place of the failure are among them. */
const REASON_LINES = 24;
const REASON_CHARACTERS = 4000;

/** Every failed test by suite, file and name, with its reason; tests of one file that failed alike give it once. */
export function describeFailures(suites: readonly Ended[], isCi: boolean): string[] {
  return suites.flatMap((suite) => {
    const failed = suite.report?.tests.filter(({ status }) => status === "failed") ?? [];
    const given = new Set<string>();
    const lines = failed.flatMap(({ file, name, reason = "no reason was given" }) => {
      const title = `failed: ${suite.name}, ${file}: ${name}`;
      if (given.has(file + reason)) return [title, "        for the same reason"];
      given.add(file + reason);
      return [title, ...indent(shorten(reason))];
    });
    if (suite.skipped !== undefined && isCi) return [...lines, `failed: ${suite.name} was skipped: ${suite.skipped}`];
    if (suite.exitCode === 0 || failed.length > 0) return lines;
    return [`failed: ${suite.name} ended with ${suite.exitCode}, see its output above`];
  });
}

function shorten(reason: string): string[] {
  const whole = reason.trimEnd();
  const lines = whole.slice(0, REASON_CHARACTERS).split("\n");
  const isCut = whole.length > REASON_CHARACTERS || lines.length > REASON_LINES;
  return [...lines.slice(0, REASON_LINES), ...(isCut ? ["…"] : [])];
}

function indent(lines: readonly string[]): string[] {
  return lines.map((line) => `        ${line}`.trimEnd());
}

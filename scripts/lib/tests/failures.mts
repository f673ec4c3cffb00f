// What a run says of its failures: the last thing before the counts, so that nobody has to scroll for it.
import { type Ended, troubleOf } from "./counts.mts";

/** Lines of a reason: the comparison of jest and the place of the failure are among them. */
const REASON_LINES = 24;
const REASON_CHARACTERS = 4000;

/** Every failed test by suite, file and name, with its reason, and every suite that failed by itself. */
export function describeFailures(suites: readonly Ended[], isCi: boolean): string[] {
  return suites.flatMap((suite) => {
    const skipped = suite.skipped !== undefined && isCi ? [`failed: ${suite.name} was skipped: ${suite.skipped}`] : [];
    return [...describeTests(suite), ...describeTrouble(suite), ...skipped];
  });
}

/** Tests of one file that failed alike give their reason once. */
function describeTests(suite: Ended): string[] {
  const failed = suite.report?.tests.filter(({ status }) => status === "failed") ?? [];
  const given = new Set<string>();
  return failed.flatMap(({ file, name, reason = "no reason was given" }) => {
    const title = `failed: ${suite.name}, ${file}: ${name}`;
    if (given.has(file + reason)) return [title, "        for the same reason"];
    given.add(file + reason);
    return [title, ...indent(shorten(reason))];
  });
}

/** What a suite said last is all that is known of why. */
function describeTrouble(suite: Ended): string[] {
  const trouble = troubleOf(suite);
  if (trouble === undefined) return [];
  const { name, said = [] } = suite;
  return [`failed: ${name}: ${trouble}`, ...(said.length > 0 ? indent(shorten(said.join("\n"))) : [])];
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

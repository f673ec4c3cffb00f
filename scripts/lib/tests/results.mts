// What the test runners report, in one shape.
import { basename } from "node:path";

export type Status = "passed" | "failed" | "skipped";

/** How one test went. */
export interface TestResult {
  /** Name of its file, or of its package where the runner knows no files. */
  readonly file: string;
  readonly name: string;
  readonly status: Status;
  readonly seconds: number;
  /** Why it failed. @default it did not, or nobody knows */
  readonly reason?: string;
}

/** How long a file of tests took, from its loading to its end. */
export interface FileResult {
  readonly file: string;
  readonly seconds: number;
}

export interface Report {
  readonly tests: readonly TestResult[];
  /** @default the runner tells of tests alone */
  readonly files?: readonly FileResult[];
}

/** The form in which a runner reports: jest's JSON, the lines of node-reporter.mjs, or `go test -json`. */
export type ReportKind = "jest" | "node" | "go";

interface JestReport {
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message: string;
    readonly startTime: number;
    readonly endTime: number;
    readonly assertionResults: readonly {
      readonly fullName: string;
      readonly ancestorTitles: readonly string[];
      readonly title: string;
      readonly status: string;
      readonly duration?: number | null;
      readonly failureMessages: readonly string[] | null;
    }[];
  }[];
}

/** A file that did not even load counts as one failed test. Throws when it is no report, or a part of one. */
export function readJest(text: string): Report {
  const { testResults } = JSON.parse(text) as JestReport;
  const tests = testResults.flatMap(({ name, status, message, assertionResults }): TestResult[] => {
    const file = basename(name);
    if (status === "failed" && assertionResults.every((each) => each.status !== "failed")) {
      const loading = { file, name: "loads", status: "failed", seconds: 0, reason: plainText(message) } as const;
      return [loading, ...assertionResults.map((each) => readAssertion(file, each))];
    }
    return assertionResults.map((each) => readAssertion(file, each));
  });
  const files = testResults.map(({ name, startTime, endTime }) => ({
    file: basename(name),
    seconds: Math.max(0, endTime - startTime) / 1000,
  }));
  return { tests, files };
}

function readAssertion(
  file: string,
  assertion: JestReport["testResults"][number]["assertionResults"][number],
): TestResult {
  const { ancestorTitles, title, duration, failureMessages } = assertion;
  const status = assertion.status === "passed" || assertion.status === "failed" ? assertion.status : "skipped";
  const name = [...ancestorTitles, title].join(" › ");
  const seconds = (duration ?? 0) / 1000;
  if (status !== "failed") return { file, name, status, seconds };
  return { file, name, status, seconds, reason: plainText((failureMessages ?? []).join("\n")) };
}

/** One line of JSON for each test, as scripts/lib/tests/node-reporter.mjs writes them; nothing else counts. */
export function readNode(text: string): Report {
  return { tests: jsonLines<TestResult>(text) };
}

interface GoEvent {
  readonly Action?: string;
  readonly Test?: string;
  readonly Package?: string;
  readonly Elapsed?: number;
  readonly Output?: string;
  /** What is built. Only events of builds have it, and those have no package. */
  readonly ImportPath?: string;
  /** Of a package that fails since something was not built: that thing. */
  readonly FailedBuild?: string;
}

const GO_STATUS: Readonly<Record<string, Status>> = { pass: "passed", fail: "failed", skip: "skipped" };

/** `go test -json`: a package that fails without a failed test (it did not build) is one failed test. Throws when Go told nothing. */
export function readGo(text: string): Report {
  const events = jsonLines<GoEvent>(text);
  if (events.length === 0) throw new Error("Go told nothing");
  const isOf = (event: GoEvent, { Package, Test, FailedBuild }: GoEvent): boolean =>
    event.Action === "build-output"
      ? event.ImportPath === FailedBuild
      : event.Action === "output" && event.Package === Package && event.Test === Test;
  const said = (of: GoEvent): string =>
    events
      .filter((event) => isOf(event, of))
      .map(({ Output = "" }) => Output)
      .join("");
  const ended = events.filter(({ Action = "" }) => Action in GO_STATUS);
  const tests = ended.filter(({ Test }) => Test !== undefined);
  const broken = ended.filter(
    ({ Action, Package, Test }) =>
      Test === undefined &&
      Action === "fail" &&
      !tests.some((test) => test.Action === "fail" && test.Package === Package),
  );
  const result = (event: GoEvent): TestResult => {
    const { Action = "", Package = "", Test = "builds", Elapsed = 0 } = event;
    const status = GO_STATUS[Action] ?? "failed";
    const common = { file: basename(Package), name: Test, status, seconds: Elapsed };
    return status === "failed" ? { ...common, reason: said(event) } : common;
  };
  return { tests: [...tests, ...broken].map(result) };
}

export const READERS: Readonly<Record<ReportKind, (text: string) => Report>> = {
  jest: readJest,
  node: readNode,
  go: readGo,
};

/** The lines that are JSON. A line may have been cut off by the end of its writer, or by what another one wrote. */
export function jsonLines<Line>(text: string): Line[] {
  return text.split("\n").flatMap((line) => {
    if (!line.startsWith("{")) return [];
    try {
      return [JSON.parse(line) as Line];
    } catch {
      return [];
    }
  });
}

/** Without the colours of a terminal. */
export function plainText(text: string): string {
  // eslint-disable-next-line no-control-regex
  return text.replace(/\u001b\[[\d;]*m/g, "");
}

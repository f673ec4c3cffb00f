// The suites of this repository, and which of them a run is about.
import { globSync } from "node:fs";
import { basename, join } from "node:path";
import type { E2eFile } from "./e2e-files.mts";
import type { ReportKind } from "./results.mts";

/** How the tests of a suite are run. */
export type Runner = ReportKind | "plain";

export interface Suite {
  readonly name: string;
  readonly runner: Runner;
  /** Of a plain suite and of Go's, the whole of it; of the others, what precedes the names of files. */
  readonly command: readonly string[];
  /** Folder in which it runs, from the top. @default the top */
  readonly folder?: string;
  /** Files of its tests, from the top. @default it has none that could be run by themselves */
  readonly files?: readonly string[];
  /** Beginnings of the paths whose change concerns it. */
  readonly covers: readonly string[];
  /** What it needs a daemon for, and how its files may run. @default it needs none */
  readonly e2e?: E2eFile["runs"];
}

/** A suite, or a part of it. */
export interface Chosen {
  readonly suite: Suite;
  /** @default all of them */
  readonly files?: readonly string[];
  /** Parts of the names of its tests. @default all of them */
  readonly names?: readonly string[];
}

/** All that a running stack is made of. */
const PRODUCT = [
  ..."components/ engine/ examples/ images/ scripts/ dev index.ts settings.ts".split(" "),
  ..."Pulumi package.json package-lock.json".split(" "),
];

const NODE = ["node", "--test"];
const JEST = ["node_modules/.bin/jest", "--selectProjects"];

export interface Tools {
  readonly shellcheck: boolean;
  readonly go: boolean;
}

/** Every suite that the tools of this machine can run, in the order in which their results are shown. */
export function suitesOf(root: string, e2eFiles: readonly E2eFile[], tools: Tools): Suite[] {
  const find = (...patterns: string[]): string[] => globSync(patterns, { cwd: root }).sort();
  const unit = find("test/**/*.test.ts").filter((file) => !file.startsWith("test/e2e/"));
  const scripts = find("test/scripts/**/*.test.mts");
  const sampleApp = find("examples/sample-app/test/**/*.test.ts");
  const e2e = (runs: E2eFile["runs"]): string[] =>
    e2eFiles.filter((each) => each.runs === runs).map(({ file }) => join("test/e2e", file));
  const all: (Suite | undefined)[] = [
    {
      name: "types",
      runner: "plain",
      command: ["npm", "run", "--silent", "typecheck"],
      covers: [...PRODUCT, "test/", "bench/"],
    },
    {
      name: "unit",
      runner: "jest",
      command: [...JEST, "unit"],
      files: unit,
      covers: [...PRODUCT, "test/", "docs/", "README.md"],
    },
    {
      name: "scripts",
      runner: "node",
      command: NODE,
      files: scripts,
      covers: [...PRODUCT, "test/", "bench/", "docs/"],
    },
    tools.shellcheck
      ? {
          name: "shellcheck",
          runner: "plain",
          command: ["scripts/shellcheck.sh"],
          covers: [...PRODUCT, ".ci/", "bench/"],
        }
      : undefined,
    tools.go ? { name: "engine", runner: "go", command: ["engine/test.sh", "-json"], covers: ["engine/"] } : undefined,
    {
      ...{ name: "sample-app", runner: "node", command: NODE, folder: "examples/sample-app", files: sampleApp },
      covers: ["examples/sample-app/"],
    },
    {
      name: "e2e",
      runner: "jest",
      command: [...JEST, "e2e"],
      files: e2e("beside others"),
      covers: PRODUCT,
      e2e: "beside others",
    },
    {
      name: "e2e-alone",
      runner: "jest",
      command: [...JEST, "e2e"],
      files: e2e("alone"),
      covers: PRODUCT,
      e2e: "alone",
    },
  ];
  return all.filter((suite) => suite !== undefined);
}

/** What patterns name: each is the name of a suite, else a part of the paths of files, else a part of tests' names. */
export function chooseByPatterns(suites: readonly Suite[], patterns: readonly string[]): Chosen[] {
  const filesOf = ({ files = [] }: Suite, pattern: string): string[] =>
    files.filter((file) => file.toLowerCase().includes(pattern.toLowerCase()));
  // `e2e` is both suites of e2e tests.
  const isNamed = ({ name }: Suite, pattern: string): boolean => name === pattern || name.startsWith(`${pattern}-`);
  const isSuite = (pattern: string): boolean => suites.some((suite) => isNamed(suite, pattern));
  const isFile = (pattern: string): boolean => suites.some((suite) => filesOf(suite, pattern).length > 0);
  const paths = patterns.filter((pattern) => !isSuite(pattern) && isFile(pattern));
  const names = patterns.filter((pattern) => !isSuite(pattern) && !isFile(pattern));
  const places = suites.flatMap((suite): Chosen[] => {
    if (patterns.some((pattern) => isNamed(suite, pattern))) return [{ suite }];
    const files = paths.flatMap((pattern) => filesOf(suite, pattern));
    return files.length > 0 ? [{ suite, files: [...new Set(files)] }] : [];
  });
  if (names.length === 0) return places;
  const searched = places.length > 0 ? places : suites.map((suite) => ({ suite }));
  return searched.filter(({ suite }) => suite.files).map((chosen) => ({ ...chosen, names }));
}

/** What has changed, as paths from the top. */
export interface Change {
  readonly changed: readonly string[];
  /** E2e files that import something of it, or are among it. */
  readonly related: readonly string[];
}

/** The suites that a change concerns; of e2e tests, those files which cover something of it. */
export function chooseByChange(
  suites: readonly Suite[],
  e2eFiles: readonly E2eFile[],
  { changed, related }: Change,
): Chosen[] {
  const isConcerned = (covers: readonly string[]): boolean =>
    changed.some((file) => covers.some((start) => file.startsWith(start)));
  const coversOf = (file: string): readonly string[] | undefined =>
    e2eFiles.find((each) => each.file === basename(file))?.covers;
  return suites.flatMap((suite): Chosen[] => {
    if (suite.e2e === undefined) return isConcerned(suite.covers) ? [{ suite }] : [];
    const files = suite.files?.filter((file) => related.includes(file) || isConcerned(coversOf(file) ?? suite.covers));
    return files && files.length > 0 ? [{ suite, files }] : [];
  });
}

/** The whole command line of what was chosen; a report of jest and of Node goes to a file. */
export function commandOf({ suite, files, names = [] }: Chosen, reportFile: string, reporter: string): string[] {
  const paths = (files ?? suite.files ?? []).map((file) => (suite.folder ? file.slice(suite.folder.length + 1) : file));
  const pattern = names.map((name) => name.replaceAll(" › ", " ").replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|");
  if (suite.runner === "jest") {
    const only = names.length > 0 ? ["--testNamePattern", pattern] : [];
    return [...suite.command, "--json", `--outputFile=${reportFile}`, ...only, "--runTestsByPath", ...paths];
  }
  if (suite.runner === "node") {
    const only = names.length > 0 ? [`--test-name-pattern=/${pattern}/i`] : [];
    const reporters = ["--test-reporter=spec", "--test-reporter-destination=stdout"];
    const report = [`--test-reporter=${reporter}`, `--test-reporter-destination=${reportFile}`];
    return [...suite.command, ...reporters, ...report, ...only, ...paths];
  }
  return [...suite.command];
}

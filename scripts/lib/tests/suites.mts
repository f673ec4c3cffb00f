// The suites of this repository, and by what command each of them runs.
import { globSync } from "node:fs";
import { join } from "node:path";
import type { E2eFile } from "./e2e-files.mts";
import type { ReportKind } from "./results.mts";

/** How the tests of a suite are run; a plain suite has no tests of its own: all of it is one. */
export type Runner = ReportKind | "plain";

/** A program that not every machine has. */
export interface Tool {
  readonly command: string;
  /** What people call it. */
  readonly name: string;
}

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
  /** Without what it cannot run. @default every machine can run it */
  readonly tool?: Tool;
  /** It takes longer than all others of its kind together, and begins before them. @default it does not */
  readonly isLong?: boolean;
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
const PRODUCT: readonly string[] = [
  "components/",
  "engine/",
  "examples/",
  "images/",
  "scripts/",
  "dev",
  "index.ts",
  "settings.ts",
  "Pulumi",
  "package.json",
  "package-lock.json",
  "tsconfig",
];

const NODE = ["node", "--test"];
/** They mostly wait for programs that they start. By default Node leaves one core idle. */
const SCRIPT_FILES_AT_ONCE = 2;
const JEST = ["node_modules/.bin/jest", "--selectProjects"];

/** Every suite, in the order in which their results are shown. */
export function suitesOf(root: string, e2eFiles: readonly E2eFile[]): Suite[] {
  const find = (pattern: string): string[] => globSync(pattern, { cwd: root }).sort();
  const unit = find("test/**/*.test.ts").filter((file) => !file.startsWith("test/e2e/"));
  return [
    {
      name: "types",
      runner: "plain",
      command: ["npm", "run", "--silent", "typecheck"],
      covers: [...PRODUCT, "test/", "bench/", "eslint.config.mjs"],
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
      command: [...NODE, `--test-concurrency=${SCRIPT_FILES_AT_ONCE}`],
      isLong: true,
      files: find("test/scripts/**/*.test.mts"),
      covers: [...PRODUCT, "test/", "bench/", "docs/"],
    },
    {
      name: "shellcheck",
      runner: "plain",
      command: ["scripts/shellcheck.sh"],
      covers: [...PRODUCT, ".ci/", "bench/"],
      tool: { command: "shellcheck", name: "shellcheck" },
    },
    {
      name: "engine",
      runner: "go",
      command: ["engine/test.sh", "-json"],
      covers: ["engine/"],
      tool: { command: "go", name: "Go" },
    },
    {
      name: "sample-app",
      runner: "node",
      command: NODE,
      folder: "examples/sample-app",
      files: find("examples/sample-app/test/**/*.test.ts"),
      covers: ["examples/sample-app/"],
    },
    e2eSuite("e2e", e2eFiles, "beside others"),
    e2eSuite("e2e-alone", e2eFiles, "alone"),
  ];
}

function e2eSuite(name: string, e2eFiles: readonly E2eFile[], runs: E2eFile["runs"]): Suite {
  const files = e2eFiles.filter((each) => each.runs === runs);
  return {
    name,
    runner: "jest",
    command: [...JEST, "e2e"],
    files: files.map(({ file }) => join("test/e2e", file)),
    covers: PRODUCT,
    e2e: runs,
  };
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

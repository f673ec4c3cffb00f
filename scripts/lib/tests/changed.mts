// What has changed since main, and which e2e files that concerns whatever they say they cover.
import { existsSync } from "node:fs";
import { basename, isAbsolute, join, relative } from "node:path";
import { capture, lines, output, UserError } from "../run.mts";

const MAINS = ["refs/remotes/origin/main", "refs/heads/main"];

/** Paths from the top that differ from where this branch left main: committed, uncommitted, new and former ones. */
export function changedFiles(root: string): string[] {
  const git = (...args: string[]): string => output("git", ["-C", root, ...args]);
  // Without -z, git puts names that are not ASCII into quotes.
  const paths = (...args: string[]): string[] =>
    git(...args)
      .split("\0")
      .filter(Boolean);
  git("rev-parse", "--git-dir");
  const main = MAINS.find((ref) => capture("git", ["-C", root, "rev-parse", "--verify", "--quiet", ref]).status === 0);
  if (main === undefined) {
    throw new UserError(
      "--changed: there is neither a branch main nor origin/main that this one could be compared with",
      "fetch it: git fetch origin main:refs/remotes/origin/main",
    );
  }
  const base = git("merge-base", "HEAD", main).trim();
  const tracked = paths("diff", "-z", "--name-only", "--no-renames", base);
  const untracked = paths("ls-files", "-z", "--others", "--exclude-standard");
  return [...new Set([...tracked, ...untracked])].sort();
}

/** Those among all e2e files that are among the changes, import one of them or may use one in another way. */
export function relatedE2eFiles(root: string, changed: readonly string[], e2eFiles: readonly string[]): string[] {
  if (changed.some((file) => mayConcernAllE2e(root, file))) return [...e2eFiles];
  const sources = changed.filter((file) => file.endsWith(".ts")).map((file) => join(root, file));
  if (sources.length === 0) return [];
  const jest = join(root, "node_modules/.bin/jest");
  const args = [
    "--config",
    join(root, "package.json"),
    "--selectProjects",
    "e2e",
    "--listTests",
    "--findRelatedTests",
    ...sources,
  ];
  // Jest says first which project it runs.
  const files = lines(output(jest, args)).filter((line) => isAbsolute(line));
  return files.map((file) => relative(root, file)).sort();
}

/** What lies among the e2e tests and no import leads to: a Dockerfile, a module that is gone, a program for Pulumi. */
function mayConcernAllE2e(root: string, file: string): boolean {
  if (!file.startsWith("test/e2e/")) return false;
  return !file.endsWith(".ts") || basename(file) === "index.ts" || !existsSync(join(root, file));
}

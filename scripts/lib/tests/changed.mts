// What has changed since main, and which e2e files import it.
import { isAbsolute, join, relative } from "node:path";
import { capture, lines, output } from "../run.mts";

/** Paths from the top that differ from where this branch left main: committed, uncommitted, new and former ones. */
export function changedFiles(root: string): string[] {
  const git = (...args: string[]): string => output("git", ["-C", root, ...args]);
  const main = ["origin/main", "main"].find(
    (name) => capture("git", ["-C", root, "rev-parse", "--verify", "--quiet", name]).status === 0,
  );
  const base = git("merge-base", "HEAD", main ?? "HEAD").trim();
  const tracked = lines(git("diff", "--name-only", "--no-renames", base));
  const untracked = lines(git("ls-files", "--others", "--exclude-standard"));
  return [...new Set([...tracked, ...untracked])].sort();
}

/** Files of e2e tests that are among some files, or import one of them. */
export function relatedE2eFiles(root: string, changed: readonly string[]): string[] {
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

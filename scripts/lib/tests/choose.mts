// Which suites, and what of them, a run is about.
import { existsSync, realpathSync } from "node:fs";
import { basename, isAbsolute, relative, resolve } from "node:path";
import { UserError } from "../run.mts";
import type { E2eFile } from "./e2e-files.mts";
import type { Chosen, Suite } from "./suites.mts";

/** What patterns of the command line are. */
export interface Patterns {
  /** Names of suites. */
  readonly suites: readonly string[];
  /** Parts of the paths of files of tests. */
  readonly paths: readonly string[];
  /** Parts of the names of tests. */
  readonly names: readonly string[];
}

/** Tells them apart: each is the name of a suite, else a part of the paths of files, else a part of tests' names. */
export function readPatterns(root: string, suites: readonly Suite[], given: readonly string[]): Patterns {
  const patterns = given.map((words) => ({ words, path: pathFromTop(root, words) }));
  const isSuite = (words: string): boolean => suites.some((suite) => isNamed(suite, words));
  const isPath = (path: string): boolean => path !== "" && suites.some((suite) => filesLike(suite, path).length > 0);
  const others = patterns.filter(({ words }) => !isSuite(words));
  const names = others.filter(({ path }) => !isPath(path)).map(({ words }) => words);
  for (const words of names) refuseNoName(root, words);
  return {
    suites: given.filter(isSuite),
    paths: others.map(({ path }) => path).filter(isPath),
    names,
  };
}

/** A path in the form in which suites name their files; anything else stays as it is. */
function pathFromTop(root: string, words: string): string {
  if (!isAbsolute(words) && !/^\.\.?(\/|$)/.test(words)) return words;
  const whole = resolve(root, words);
  const path = relative(root, existsSync(whole) ? realpathSync(whole) : whole);
  return path.startsWith("..") ? words : path;
}

/** What is empty or the path of something else is no part of a test's name. */
function refuseNoName(root: string, words: string): void {
  if (words.trim() === "") throw new UserError("test: a pattern is empty", "see ./dev help");
  if (!existsSync(resolve(root, words))) return;
  throw new UserError(
    `${words} is no file of tests, and no folder of them`,
    "./dev test --changed runs the tests that a changed file concerns",
  );
}

/** Whether a pattern is its name; `e2e` is both suites of e2e tests. */
function isNamed({ name }: Suite, pattern: string): boolean {
  const wanted = pattern.toLowerCase();
  return name === wanted || name.startsWith(`${wanted}-`);
}

function filesLike({ files = [] }: Suite, part: string): string[] {
  return files.filter((file) => file.toLowerCase().includes(part.toLowerCase()));
}

/** What patterns choose: suites and files; names of tests are searched in those, or everywhere without them. */
export function chooseByPatterns(suites: readonly Suite[], { suites: wanted, paths, names }: Patterns): Chosen[] {
  const places = suites.flatMap((suite): Chosen[] => {
    if (wanted.some((pattern) => isNamed(suite, pattern))) return [{ suite }];
    const files = paths.flatMap((path) => filesLike(suite, path));
    return files.length > 0 ? [{ suite, files: [...new Set(files)] }] : [];
  });
  if (names.length === 0) return places;
  const searched = places.length > 0 ? places : suites.map((suite) => ({ suite }));
  return searched.filter(({ suite }) => suite.files).map((chosen) => ({ ...chosen, names }));
}

/** What has changed, as paths from the top. */
export interface Change {
  readonly changed: readonly string[];
  /** E2e files that it concerns whatever they say they cover. */
  readonly related: readonly string[];
}

/** Word of `@covers` for all that the suite covers. */
const WHOLE_PRODUCT = "product";

/** The suites that a change concerns; of e2e tests, those files which cover something of it. */
export function chooseByChange(
  suites: readonly Suite[],
  e2eFiles: readonly E2eFile[],
  { changed, related }: Change,
): Chosen[] {
  const isConcerned = (covers: readonly string[]): boolean =>
    changed.some((file) => covers.some((start) => file.startsWith(start)));
  const coversOf = (suite: Suite, file: string): readonly string[] => {
    const { covers = [WHOLE_PRODUCT] } = e2eFiles.find((each) => each.file === basename(file)) ?? {};
    return covers.flatMap((word) => (word === WHOLE_PRODUCT ? suite.covers : [word]));
  };
  return suites.flatMap((suite): Chosen[] => {
    if (suite.e2e === undefined) return isConcerned(suite.covers) ? [{ suite }] : [];
    const files = suite.files?.filter((file) => related.includes(file) || isConcerned(coversOf(suite, file)));
    return files && files.length > 0 ? [{ suite, files }] : [];
  });
}

/** A suite that this machine cannot run, and why. */
export interface LeftOut {
  readonly name: string;
  readonly reason: string;
}

/** What of it this machine can run, by the commands that it has, and what it cannot. */
export function splitByTools(
  chosen: readonly Chosen[],
  has: (command: string) => boolean,
): { readonly chosen: Chosen[]; readonly leftOut: LeftOut[] } {
  const canRun = ({ suite: { tool } }: Chosen): boolean => tool === undefined || has(tool.command);
  const without = chosen.filter((each) => !canRun(each)).map(({ suite }) => suite);
  return {
    chosen: chosen.filter(canRun),
    leftOut: without.map(({ name, tool }) => ({ name, reason: `${tool?.name ?? "its tool"} is not installed here` })),
  };
}

/** Refuses to leave out what was asked for by its name. */
export function refuseLeftOut([first]: readonly LeftOut[]): void {
  if (first) throw new UserError(`the suite ${first.name} cannot run: ${first.reason}`);
}

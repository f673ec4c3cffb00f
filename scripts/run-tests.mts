// Usage: run-tests.mts [--needs] [--full] [--changed] [PATTERN…]
// Runs the suites and says how they went: where the time went, what failed and why, and last how many passed and failed.
// With --needs it only says in words what has to be made first. From the environment it takes why there is no daemon
// (NO_DOCKER) and the number by which cases are drawn (DOCKWRIGHT_TEST_SEED).
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import pMap from "p-map";
import { readIfThere } from "./lib/files.mts";
import { capture, script, tell, UserError } from "./lib/run.mts";
import { changedFiles, relatedE2eFiles } from "./lib/tests/changed.mts";
import {
  chooseByChange,
  chooseByPatterns,
  type LeftOut,
  readPatterns,
  refuseLeftOut,
  splitByTools,
} from "./lib/tests/choose.mts";
import { addCounts, countSuite, describeCounts, type Ended } from "./lib/tests/counts.mts";
import { type E2eFile, readE2eFiles } from "./lib/tests/e2e-files.mts";
import { describeFailures } from "./lib/tests/failures.mts";
import { type Options, readOptions } from "./lib/tests/options.mts";
import { makeRunFolder, removeDeadRuns, removeRunFolder, type Swept } from "./lib/tests/run-folder.mts";
import { runSuite } from "./lib/tests/run-suite.mts";
import { countSeed, givenSeed } from "./lib/tests/seed.mts";
import { type Chosen, type Suite, suitesOf } from "./lib/tests/suites.mts";
import { readRecord, type SuiteTimes, timesOf, timesTable } from "./lib/tests/times.mts";

const ROOT = join(import.meta.dirname, "..");
const RESULTS = join(ROOT, ".dockwright/test-results");
const RECORD = join(RESULTS, "times.jsonl");

/** Of two cores, one suite alone would leave the second idle. */
const QUICK_SUITES_AT_ONCE = 2;
/** Stacks that come up wait for half of their time; measured in docs/testing.md. */
const E2E_FILES_AT_ONCE = 2;

/** What a run is about. */
interface Plan {
  readonly chosen: readonly Chosen[];
  readonly leftOut: readonly LeftOut[];
  /** Names of tests that it was asked for. */
  readonly names: readonly string[];
}

function makePlan({ changed, patterns }: Options): Plan {
  const e2eFiles = readE2eFiles(join(ROOT, "test/e2e"));
  const suites = suitesOf(ROOT, e2eFiles);
  if (patterns.length > 0) return planByPatterns(suites, patterns);
  const chosen = changed ? chooseChanged(suites, e2eFiles) : suites.map((suite) => ({ suite }));
  return { ...splitByTools(chosen, isInstalled), names: [] };
}

function planByPatterns(suites: readonly Suite[], given: readonly string[]): Plan {
  const patterns = readPatterns(ROOT, suites, given);
  const plan = splitByTools(chooseByPatterns(suites, patterns), isInstalled);
  refuseLeftOut(plan.leftOut);
  return { ...plan, names: patterns.names };
}

function chooseChanged(suites: readonly Suite[], e2eFiles: readonly E2eFile[]): Chosen[] {
  const changed = changedFiles(ROOT);
  const all = suites.filter(({ e2e }) => e2e).flatMap(({ files = [] }) => files);
  const chosen = chooseByChange(suites, e2eFiles, { changed, related: relatedE2eFiles(ROOT, changed, all) });
  if (chosen.length === 0) throw new UserError("nothing that a test covers has changed since main");
  return chosen;
}

function isInstalled(command: string): boolean {
  return capture("sh", ["-c", `command -v ${command}`]).status === 0;
}

/** What has to be there before the suites run, in words for the calling shell. */
function describeNeeds({ chosen }: Plan): string {
  const names = chosen.map(({ suite }) => suite.name);
  const hasE2e = chosen.some(({ suite }) => suite.e2e);
  const words = [
    ...(hasE2e || names.includes("scripts") ? ["engine"] : []),
    ...(hasE2e ? ["docker"] : []),
    ...(names.includes("sample-app") ? ["sample-app"] : []),
  ];
  return words.join(" ");
}

async function runQuick(chosen: readonly Chosen[], env: Record<string, string>): Promise<Ended[]> {
  const quick = chosen.filter(({ suite }) => suite.e2e === undefined);
  const run = async (each: Chosen): Promise<Ended> => {
    tell(`${each.suite.name}: running`);
    const ended = await runSuite(each, { root: ROOT, results: RESULTS, env });
    tell(`${ended.name}: ${describeCounts(countSuite(ended, false))}, ${ended.seconds.toFixed(1)} s`);
    return ended;
  };
  const longFirst = [...quick].sort((a, b) => Number(b.suite.isLong ?? false) - Number(a.suite.isLong ?? false));
  const ended = await pMap(longFirst, run, { concurrency: QUICK_SUITES_AT_ONCE });
  return quick.map((each) => ended[longFirst.indexOf(each)] as Ended);
}

/** Those beside others first, then those that run alone. */
async function runE2e(chosen: readonly Chosen[], env: Record<string, string>): Promise<Ended[]> {
  const noDocker = process.env["NO_DOCKER"] ?? "";
  const ended: Ended[] = [];
  for (const each of chosen.filter(({ suite }) => suite.e2e)) {
    tell(`${each.suite.name}: running`);
    const atOnce = each.suite.e2e === "alone" ? 1 : E2E_FILES_AT_ONCE;
    const own = (name: string): string => join(ROOT, "scripts/lib/tests", name);
    const workers = atOnce === 1 ? "--runInBand" : `--maxWorkers=${atOnce}`;
    const flags = [workers, `--reporters=${own("jest-progress.mjs")}`, `--testSequencer=${own("longest-first.mjs")}`];
    // Without a daemon the pattern matches no test, so that jest counts every one of them as skipped.
    const asked = noDocker === "" ? each : { ...each, names: ["no daemon, no test"] };
    const result = await runSuite(asked, { root: ROOT, results: RESULTS, env, live: true, flags });
    ended.push(noDocker === "" ? result : { ...result, skipped: noDocker });
  }
  return ended;
}

function report(ended: readonly Ended[], { leftOut, names }: Plan): void {
  const isCi = process.env["CI"] === "true";
  const times = timesOf(ended, readRecord(readIfThere(RECORD) ?? ""));
  writeTimes(times);
  const skipped = isCi ? [] : ended.filter((suite) => suite.skipped !== undefined);
  say(timesTable(times));
  say(ended.map((suite) => `    ${suite.name.padEnd(14)} ${describeCounts(countSuite(suite, isCi))}`));
  say([
    ...skipped.map(({ name, skipped: reason = "" }) => `    ${name} was skipped: ${reason}`),
    ...leftOut.map(({ name, reason }) => `    ${name} was left out: ${reason}`),
  ]);
  say(describeFailures(ended, isCi));
  const total = addCounts(ended.map((suite) => countSuite(suite, isCi)));
  say([describeCounts(total)]);
  if (total.failed > 0) process.exitCode = 1;
  if (total.passed + total.failed === 0 && skipped.length === 0) {
    throw new UserError(names.length > 0 ? `no test is called ${names.join(" or ")}` : "no test has run");
  }
}

/** Prints a paragraph of the report, where there is something to say. */
function say(text: readonly string[]): void {
  if (text.length > 0) console.log(["", ...text].join("\n"));
}

/** Writes the table for programs. No report is lost for it. */
function writeTimes(times: readonly SuiteTimes[]): void {
  try {
    writeFileSync(join(RESULTS, "times.json"), `${JSON.stringify(times, null, 2)}\n`);
  } catch (error) {
    tell(`times.json was not written: ${(error as Error).message}`);
  }
}

function emptyResults(): void {
  try {
    rmSync(RESULTS, { recursive: true, force: true });
    mkdirSync(RESULTS, { recursive: true });
  } catch (error) {
    throw new UserError(`${RESULTS} cannot be written: ${(error as Error).message}`, "remove what is in its way");
  }
}

function tellLeft({ left }: Swept): void {
  for (const what of left) tell(`could not be removed, the next run tries again: ${what}`);
}

function sweepDeadRuns(): void {
  const swept = removeDeadRuns();
  if (swept.names.length > 0) tell(`removed what a run that was cut off had left: ${swept.names.join(", ")}`);
  tellLeft(swept);
}

/** Only what draws cases may use up a number, so that runs in a row play all of them. */
function chooseSeed({ chosen }: Plan): number {
  const draws = chosen.some(({ suite }) => suite.e2e) && (process.env["NO_DOCKER"] ?? "") === "";
  return givenSeed(process.env) ?? countSeed(process.env, draws);
}

await script(async (args) => {
  const asksForNeeds = args[0] === "--needs";
  const options = readOptions(asksForNeeds ? args.slice(1) : args);
  givenSeed(process.env); // a wrong one is told before anything is made
  const plan = makePlan(options);
  if (asksForNeeds) {
    console.log(describeNeeds(plan));
    return;
  }
  emptyResults();
  sweepDeadRuns();
  const folder = makeRunFolder();
  try {
    const seed = chooseSeed(plan);
    const cases = options.full ? "all cases of every matrix" : "a part of every large matrix";
    tell(`${cases}, by DOCKWRIGHT_TEST_SEED=${seed}`);
    const env = {
      TMPDIR: folder,
      DOCKWRIGHT_TEST_TIMES: RECORD,
      DOCKWRIGHT_TEST_SEED: String(seed),
      DOCKWRIGHT_TEST_FULL: String(options.full),
    };
    report([...(await runQuick(plan.chosen, env)), ...(await runE2e(plan.chosen, env))], plan);
  } finally {
    tellLeft(removeRunFolder(folder));
  }
});

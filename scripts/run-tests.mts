// Usage: run-tests.mts [--needs] [--full] [--changed] [PATTERN…]
// Runs the suites and says how they went: where the time went, what failed and why, and last how many passed and failed.
// With --needs it only says in words what has to be made first. From the environment it takes why there is no daemon
// (NO_DOCKER) and the number by which cases are drawn (DOCKWRIGHT_TEST_SEED).
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import pMap from "p-map";
import { readIfThere } from "./lib/files.mts";
import { capture, lines, script, tell, UserError } from "./lib/run.mts";
import { changedFiles, relatedE2eFiles } from "./lib/tests/changed.mts";
import { addCounts, countSuite, describeCounts, type Ended } from "./lib/tests/counts.mts";
import { readE2eFiles } from "./lib/tests/e2e-files.mts";
import { describeFailures } from "./lib/tests/failures.mts";
import { type Options, readOptions } from "./lib/tests/options.mts";
import { makeRunFolder, removeDeadRuns, removeRunFolder } from "./lib/tests/run-folder.mts";
import { runSuite } from "./lib/tests/run-suite.mts";
import { type Chosen, chooseByChange, chooseByPatterns, suitesOf } from "./lib/tests/suites.mts";
import { timesOf, timesTable, type Took } from "./lib/tests/times.mts";

const ROOT = join(import.meta.dirname, "..");
const RESULTS = join(ROOT, ".dockwright/test-results");
const RECORD = join(RESULTS, "times.jsonl");

/** Of two cores, one suite alone would leave the second idle. */
const QUICK_SUITES_AT_ONCE = 2;
/** Stacks that come up wait for half of their time; measured in docs/testing.md. */
const E2E_FILES_AT_ONCE = 2;

function choose(options: Options): Chosen[] {
  const e2eFiles = readE2eFiles(join(ROOT, "test/e2e"));
  const has = (command: string): boolean => capture("sh", ["-c", `command -v ${command}`]).status === 0;
  const suites = suitesOf(ROOT, e2eFiles, { shellcheck: has("shellcheck"), go: has("go") });
  if (options.changed) {
    const changed = changedFiles(ROOT);
    const chosen = chooseByChange(suites, e2eFiles, { changed, related: relatedE2eFiles(ROOT, changed) });
    if (chosen.length === 0) throw new UserError("nothing that a test covers has changed since main");
    return chosen;
  }
  return options.patterns.length > 0 ? chooseByPatterns(suites, options.patterns) : suites.map((suite) => ({ suite }));
}

/** What has to be there before the suites run, in words for the calling shell. */
function needs(chosen: readonly Chosen[]): string {
  const names = chosen.map(({ suite }) => suite.name);
  const words = [
    ...(chosen.some(({ suite }) => suite.e2e) || names.includes("scripts") ? ["engine"] : []),
    ...(chosen.some(({ suite }) => suite.e2e) ? ["docker"] : []),
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
  return pMap(quick, run, { concurrency: QUICK_SUITES_AT_ONCE });
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

function report(ended: readonly Ended[], { patterns }: Options): void {
  const isCi = process.env["CI"] === "true";
  const times = timesOf(ended, readRecord());
  writeFileSync(join(RESULTS, "times.json"), `${JSON.stringify(times, null, 2)}\n`);
  const say = (text: readonly string[]): void => {
    console.log(["", ...text].join("\n"));
  };
  say(timesTable(times));
  say(ended.map((suite) => `    ${suite.name.padEnd(14)} ${describeCounts(countSuite(suite, isCi))}`));
  const skipped = ended.filter((suite) => suite.skipped !== undefined && !isCi);
  if (skipped.length > 0) say(skipped.map(({ name, skipped: reason = "" }) => `    ${name} was skipped: ${reason}`));
  const failures = describeFailures(ended, isCi);
  if (failures.length > 0) say(failures);
  const total = addCounts(ended.map((suite) => countSuite(suite, isCi)));
  say([describeCounts(total)]);
  if (total.failed > 0) process.exitCode = 1;
  if (total.passed + total.failed === 0 && skipped.length === 0) {
    throw new UserError(`no test is called ${patterns.join(" or ")}`);
  }
}

function readRecord(): Took[] {
  return lines(readIfThere(RECORD) ?? "").map((line) => JSON.parse(line) as Took);
}

await script(async (args) => {
  const options = readOptions(
    args.filter((word) => word !== "--needs"),
    process.env["DOCKWRIGHT_TEST_SEED"],
  );
  const chosen = choose(options);
  if (args.includes("--needs")) {
    console.log(needs(chosen));
    return;
  }
  rmSync(RESULTS, { recursive: true, force: true });
  mkdirSync(RESULTS, { recursive: true });
  const cases = options.full ? "all cases of every matrix" : "a part of every large matrix";
  tell(`${cases}, by DOCKWRIGHT_TEST_SEED=${options.seed}`);
  const removed = removeDeadRuns();
  if (removed.length > 0) tell(`removed what a run that was cut off had left: ${removed.join(", ")}`);
  const folder = makeRunFolder();
  const env = {
    TMPDIR: folder,
    DOCKWRIGHT_TEST_TIMES: RECORD,
    DOCKWRIGHT_TEST_SEED: String(options.seed),
    DOCKWRIGHT_TEST_FULL: String(options.full),
  };
  try {
    const ended = [...(await runQuick(chosen, env)), ...(await runE2e(chosen, env))];
    report(ended, options);
  } finally {
    removeRunFolder(folder);
  }
});

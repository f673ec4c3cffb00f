// Usage: run.mts [--only SCENARIO]… [--runs N], by way of `./dev bench`
// The same services, images and health intervals under Docker Compose and under Dockwright in one run, as ratios.
import { randomInt } from "node:crypto";
import { existsSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { capture, count, script, tell } from "../scripts/lib/run.mts";
import { type Options, readArguments, SCENARIOS } from "./lib/arguments.mts";
import { Compose, composeCommand } from "./lib/compose.mts";
import { Project } from "./lib/dockwright.mts";
import { growthRound } from "./lib/growth.mts";
import { NextImage } from "./lib/images.mts";
import { LIFECYCLE, lifecycleRound } from "./lib/lifecycle.mts";
import { machineFacts } from "./lib/machine.mts";
import { copyLunchBot, lunchBotFolder, ROOT, WORK } from "./lib/project-copy.mts";
import { Recorder } from "./lib/recorder.mts";
import { comparisonTable, growthTable, type Table } from "./lib/report.mts";
import { markdownTable, plainTable } from "./lib/table.mts";
import { Interrupted } from "./lib/timing.mts";

const RESULTS = join(ROOT, "bench", "RESULTS.md");
const LUNCH_BOT = "dockwright-bench";
const GROWTH = "dockwright-bench-growth";
/** Below the ports that systems give to outgoing connections: one of those may be taken at any time. */
const PORTS = [20_000, 30_000] as const;
/** No further round begins after this, so that a slow machine gets an answer, too. */
const BUDGET_MS = 7 * 60_000;
const REPEATS = 2;

function freePort(): Promise<number> {
  const port = randomInt(...PORTS);
  return new Promise((resolve) => {
    const server = createServer().once("error", () => resolve(freePort()));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(port)));
  });
}

function contenders(port: number, stop: AbortSignal) {
  const folder = { lunchBot: lunchBotFolder, compose: join(WORK, "compose"), growth: join(WORK, "compose-growth") };
  return {
    origin: `http://127.0.0.1:${port}`,
    folder,
    ours: new Project(LUNCH_BOT, folder.lunchBot, stop),
    floor: new Project("dockwright-bench-floor", join(ROOT, "bench", "floor"), stop),
    growth: new Project(GROWTH, join(ROOT, "bench", "growth"), stop),
    compose: new Compose(`${LUNCH_BOT}-compose`, folder.compose, stop),
    composeGrowth: new Compose(`${GROWTH}-compose`, folder.growth, stop),
    nextImage: new NextImage(),
  };
}

type Contenders = ReturnType<typeof contenders>;

async function measure(recorder: Recorder, { wanted, runs }: Options, all: Contenders): Promise<number> {
  const deadline = Date.now() + BUDGET_MS;
  let rounds = 0;
  if (LIFECYCLE.some((name) => wanted.has(name))) {
    for (; rounds < runs && (rounds === 0 || Date.now() < deadline); rounds++) {
      tell(`round ${rounds + 1} of ${runs}`);
      await lifecycleRound(recorder, { ...all, composeFolder: all.folder.compose, wanted, repeats: REPEATS });
    }
  }
  if (wanted.has("growth")) {
    const { growth: ours, composeGrowth: compose, folder } = all;
    await growthRound(recorder, { ours, compose, composeFolder: folder.growth, repeats: REPEATS });
  }
  return rounds;
}

async function cleanUp(all: Contenders): Promise<void> {
  tell("removing what the bench made");
  for (const contender of [all.compose, all.composeGrowth, all.ours, all.growth, all.floor]) {
    await contender.cleanUp().catch((error: Error) => tell(`${contender.name}: ${error.message}`));
  }
  all.nextImage.remove();
  rmSync(WORK, { recursive: true, force: true });
}

function write(tables: readonly Table[], facts: readonly string[], args: readonly string[]): void {
  const command = ["./dev bench", ...args].join(" ");
  const lines = [
    "# Results of the bench",
    "",
    `Made by \`${command}\` on ${new Date().toISOString().slice(0, 10)}; what is compared is told in README.md.`,
    "",
    ...facts.map((fact) => `- ${fact}`),
    "",
    tables.map(markdownTable).join("\n\n"),
    "",
  ];
  writeFileSync(RESULTS, lines.join("\n"));
}

await script(async (args) => {
  const options = readArguments(args);
  const [program, ...rest] = composeCommand(process.env);
  const facts = machineFacts(capture(program, [...rest, "version", "--short"]).stdout.trim());
  const stop = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stop.abort());
  const port = await freePort();
  const all = contenders(port, stop.signal);
  if (existsSync(WORK)) await cleanUp(all); // what a killed run left
  copyLunchBot(LUNCH_BOT, port);
  const recorder = new Recorder();
  try {
    const rounds = await measure(recorder, options, all);
    const tables = [comparisonTable(recorder), growthTable(recorder)].filter(({ rows }) => rows.length > 0);
    console.log(`\n${facts.join("\n")}\n${count(rounds, "round")}\n\n${tables.map(plainTable).join("\n\n")}\n`);
    if (options.wanted.size === SCENARIOS.length) write(tables, [...facts, count(rounds, "round")], args);
    else tell("bench/RESULTS.md is left alone: it holds whole runs");
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    tell("interrupted");
    process.exitCode = 130;
  } finally {
    await cleanUp(all);
  }
});

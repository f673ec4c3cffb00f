import * as fs from "node:fs";

import { enginesOf } from "../processes";
import { eventually } from "../run";
import { passwords } from "../state";
import { Generations, LoadedStack, named } from "./loaded-stack";

/** What every rotation goes through, in this order, by a step with which it begins. */
const PHASES = {
  "made a secret": /^create-replacement random:/,
  "made a login": /^create-replacement command:\S+ \S+-login$/,
  "made a volume": /^create-replacement docker:\S+:Volume \S+-secrets-volume$/,
  "filled it": /^create-replacement docker:\S+:Container \S+-secrets-files$/,
  "started a container": /^create-replacement docker:\S+:Container (api|backend|worker)-container$/,
  "waited for it": /^create-replacement command:\S+ (api|backend|worker)-gate$/,
  "moved its traffic": /^update command:\S+ nginx-(api|backend)$/,
  "forgot an old gate": /^delete-replaced command:\S+ (api|backend|worker)-gate$/,
  "stopped an old container": /^delete-replaced docker:\S+:Container (api|backend|worker)-container$/,
  "removed an old volume": /^delete-replaced docker:\S+:Volume \S+-secrets-volume$/,
  "revoked an old login": /^delete-replaced command:\S+ \S+-(login|revocation)$/,
  "forgot an old secret": /^delete-replaced random:/,
} as const;

export type Phase = keyof typeof PHASES;

/** A rotation that was cut off. */
export interface Interruption {
  readonly phase: Phase;
  /** Names of the secrets that the state had by then for the wanted generations, and has otherwise now. */
  readonly changed: () => Promise<string[]>;
}

const LOOK_EVERY_MS = 10;
const UPDATE_SECONDS = 120;

/** The last phase is over sooner. */
const LONGEST_DELAY_MS = 200;
const LAST: Phase = "forgot an old secret";

/** Phases in which a rotation can be cut off. */
export const PHASE_NAMES = Object.keys(PHASES) as Phase[];

/** Begins to rotate, and kills the engine at a random moment of a phase. */
export async function interrupt(
  stack: LoadedStack,
  generations: Generations,
  phase: Phase,
  random: () => number,
): Promise<Interruption> {
  await stack.configure(generations);
  fs.rmSync(stack.recordFile, { force: true });
  const updating = stack.deployment.dev(["up"]);
  const engine = await eventually("the engine to start", UPDATE_SECONDS, () =>
    Promise.resolve(enginesOf(stack.dataFolder)[0]),
  );
  await begun(stack.recordFile, PHASES[phase]);
  if (phase !== LAST) await pause(random() * LONGEST_DELAY_MS);
  process.kill(engine, "SIGKILL");
  const { code, output } = await updating;
  const name = `${stack.deployment.name}, ${named(generations)}`;
  if (code === 0) throw new Error(`${name}: not cut off when it ${phase}\n${output}`);
  console.info(`${name}: cut off when it ${phase}, at step ${stepsBegun(stack.recordFile).length}`);
  const before = await passwords(stack.deployment);
  const isWanted = (secret: string, generation: string) =>
    Object.entries(generations).some(
      ([key, number]) => secret.endsWith(`-${key}-secret`) && generation === `${number}`,
    );
  return {
    phase,
    changed: async () => {
      const after = await passwords(stack.deployment);
      const wanted = [...before].filter(([secret, { generation }]) => isWanted(secret, generation));
      return wanted.filter(([secret, { result }]) => after.get(secret)?.result !== result).map(([secret]) => secret);
    },
  };
}

/** Waits until an update has begun a step. */
async function begun(recordFile: string, step: RegExp): Promise<void> {
  const deadline = Date.now() + UPDATE_SECONDS * 1000;
  while (!stepsBegun(recordFile).some((each) => step.test(each))) {
    if (Date.now() > deadline) throw new Error(`waited ${UPDATE_SECONDS} s for a step of an update: ${step.source}`);
    await pause(LOOK_EVERY_MS);
  }
}

function stepsBegun(recordFile: string): string[] {
  if (!fs.existsSync(recordFile)) return [];
  const begins = fs.readFileSync(recordFile, "utf8").matchAll(/^ *[\d.]+ s {2}begin +((?!same )\S+ \S+ \S+)$/gm);
  return [...begins].map(([, step = ""]) => step);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

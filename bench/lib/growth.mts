// What one more service costs: 9, 25 and 50 equal small services on both sides.
import { writePlain } from "./compose-file.mts";
import type { Compose } from "./compose.mts";
import type { Project } from "./dockwright.mts";
import type { Recorder } from "./recorder.mts";

export const SIZES = [9, 25, 50] as const;

export const growthScenario = (what: "cold" | "unchanged" | "preview", services: number): string =>
  `${what} with ${services}`;

export interface GrowthOptions {
  readonly ours: Project;
  readonly compose: Compose;
  readonly composeFolder: string;
  readonly repeats: number;
}

export async function growthRound(recorder: Recorder, options: GrowthOptions): Promise<void> {
  for (const services of SIZES) await oneSize(recorder, options, services);
}

async function oneSize(recorder: Recorder, options: GrowthOptions, services: number): Promise<void> {
  const { ours, compose, composeFolder, repeats } = options;
  const name = (what: Parameters<typeof growthScenario>[0]): string => growthScenario(what, services);
  await ours.configure("services", String(services));
  await recorder.measure(name("cold"), "./dev", ours.up());
  for (let turn = 0; turn < repeats; turn++) {
    await recorder.measure(name("unchanged"), "pulumi", ours.plainUp());
    await recorder.measure(name("preview"), "pulumi", ours.plainPreview());
  }
  writePlain(ours.name, composeFolder);
  await ours.down();

  await recorder.measure(name("cold"), "compose", compose.up());
  for (let turn = 0; turn < repeats; turn++) {
    await recorder.measure(name("unchanged"), "compose", compose.up());
    await recorder.measure(name("preview"), "compose", compose.preview());
  }
  await compose.down();
}

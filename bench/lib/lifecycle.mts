// Lunch Bot from nothing to nothing: cold start, an update and a preview without changes, a new image, the end.
import { writeLunchBot } from "./compose-file.mts";
import type { Compose } from "./compose.mts";
import type { Contender } from "./contender.mts";
import type { Project } from "./dockwright.mts";
import { imageOf } from "./inspected.mts";
import type { NextImage } from "./images.mts";
import { placeOrder } from "./order.mts";
import type { Recorder, Side } from "./recorder.mts";

/** Names of the scenarios, as `--only` takes them. */
export const LIFECYCLE = ["cold", "unchanged", "preview", "image", "teardown"] as const;
export type Scenario = (typeof LIFECYCLE)[number];

export interface LifecycleOptions {
  readonly ours: Project;
  readonly floor: Project;
  readonly compose: Compose;
  /** Where the Compose project is written once our stack runs. */
  readonly composeFolder: string;
  readonly origin: string;
  readonly nextImage: NextImage;
  readonly wanted: ReadonlySet<string>;
  /** Measurements without changes are short, so there are several a round. */
  readonly repeats: number;
}

/** One round: ours, then Compose, so that a machine that grows slower or faster does so for both. */
export async function lifecycleRound(recorder: Recorder, options: LifecycleOptions): Promise<void> {
  const { ours, compose } = options;
  const record = recording(recorder, options.wanted);
  await record("cold", "./dev", () => ours.up());
  await placeOrder(options.origin);
  writeLunchBot(ours.name, options.composeFolder);
  const app = imageOf(ours.name, "backend");
  const release = async (contender: Contender, side: Side): Promise<void> => {
    if (!options.wanted.has("image")) return;
    for (const image of [options.nextImage.after(app), app]) {
      await contender.setImage(image);
      await record("image", side, () => contender.release());
    }
  };
  await engine(options, record);
  await release(ours, "pulumi");
  await record("teardown", "./dev", () => ours.down());

  await record("cold", "compose", () => compose.up());
  await placeOrder(options.origin);
  for (let turn = 0; turn < options.repeats; turn++) {
    await record("unchanged", "compose", () => compose.up());
    await record("preview", "compose", () => compose.preview());
  }
  await release(compose, "compose");
  await record("teardown", "compose", () => compose.down());
}

type Record = (scenario: Scenario, side: Side, act: () => ReturnType<Contender["up"]>) => Promise<void>;

/** What is not wanted is done all the same where later steps need it: only the short ones are left out. */
function recording(recorder: Recorder, wanted: ReadonlySet<string>): Record {
  const needed = new Set<Scenario>(["cold", "teardown"]);
  return async (scenario, side, act) => {
    if (wanted.has(scenario)) await recorder.measure(scenario, side, act());
    else if (needed.has(scenario)) await act();
  };
}

/** Ours and the least that the same engine takes, in turns. */
async function engine({ ours, floor, wanted, repeats }: LifecycleOptions, record: Record): Promise<void> {
  if (!wanted.has("unchanged") && !wanted.has("preview")) return;
  await floor.plainUp();
  for (let turn = 0; turn < repeats; turn++) {
    await record("unchanged", "floor", () => floor.plainUp());
    await record("unchanged", "pulumi", () => ours.plainUp());
    await record("unchanged", "./dev", () => ours.up());
    await record("preview", "floor", () => floor.plainPreview());
    await record("preview", "pulumi", () => ours.plainPreview());
    await record("preview", "./dev", () => ours.preview());
  }
}

import { drawn } from "../../support/draw";
import { LUNCH_BOT, TASK_TRACKER } from "../../support/systems";
import { AllStacks, Cast, Expected, STACKS_AT_ONCE } from "../support/all-stacks";
import { Inspected, label } from "../support/inspected";
import { inTurns } from "../support/in-turns";
import { Registry } from "../support/registry";
import { eventually } from "../support/run";

/** Why staging and prod cannot run here. */
export const NO_REGISTRY = Registry.missing();

/** A test of staging and prod. */
export const fromRegistry = NO_REGISTRY === undefined ? it : it.skip;

const CASTS: readonly Cast[] = [
  { inDev: LUNCH_BOT, deployed: TASK_TRACKER },
  { inDev: TASK_TRACKER, deployed: LUNCH_BOT },
];

/** Three stacks are as much as two cores bear. */
export const DRAWN_CASTS: readonly Cast[] = drawn("systems in all environments", CASTS).map(({ inDev, deployed }) =>
  NO_REGISTRY === undefined ? { inDev, deployed } : { inDev },
);

/** Stacks that are made once, and that all tests of this file use. */
export class Running {
  /** What `./dev up` said, by the name of the deployment. */
  readonly said = new Map<string, string>();
  private made: AllStacks | undefined;

  constructor(readonly cast: Cast) {}

  async prepare(): Promise<void> {
    this.made = await AllStacks.prepare(this.cast);
  }

  get all(): AllStacks {
    if (!this.made) throw new Error("there are no stacks yet");
    return this.made;
  }

  /** Whether Lunch Bot runs in dev. */
  get hasShop(): boolean {
    return this.cast.inDev === LUNCH_BOT;
  }

  /** The one in dev. */
  get dev(): Expected {
    return this.all.inDev[0] as Expected;
  }

  /** Brings all of them up. */
  async up(): Promise<void> {
    const up = async ({ deployment }: Expected) => {
      this.said.set(deployment.name, await deployment.up());
    };
    const deploy = async () => {
      await this.all.publishImages();
      await this.each(async (stack) => {
        await stack.deployment.create();
        await up(stack);
      }, this.all.fromRegistry);
    };
    await Promise.all([up(this.dev), deploy()]);
  }

  /** Does something with every stack, a few at a time. */
  each<Result>(act: (stack: Expected) => Promise<Result>, stacks = this.all.stacks): Promise<Result[]> {
    return inTurns(STACKS_AT_ONCE, stacks, act);
  }

  async containers(): Promise<Inspected[]> {
    return (await Promise.all(this.all.stacks.map(({ deployment }) => deployment.containers()))).flat();
  }

  async runningContainers(): Promise<Inspected[]> {
    return (await this.containers()).filter(({ State }) => State.Running);
  }

  async runningIds(): Promise<string[]> {
    return (await this.runningContainers()).map(({ Id }) => Id).sort();
  }

  async expectHealthy({ deployment, expectation }: Expected): Promise<void> {
    const services = await eventually(`every service of ${deployment.name} to be healthy`, 120, async () => {
      const found = await deployment.containers("service");
      return found.every(({ State }) => State.Health?.Status === "healthy") ? found : undefined;
    });
    const names = new Set(services.map((container) => label(container, "service")));
    expect([...names].sort()).toEqual(expectation.services);
  }
}

import { drawn } from "../../support/draw";
import { LUNCH_BOT, System, SYSTEMS } from "../../support/systems";
import { AllStacks, Expected, STACKS_AT_ONCE } from "../support/all-stacks";
import { Inspected, label } from "../support/inspected";
import { inTurns } from "../support/in-turns";
import { Registry } from "../support/registry";
import { eventually } from "../support/run";

/** Why staging and prod cannot run here. */
export const NO_REGISTRY = Registry.missing();

/** A test of staging and prod. */
export const fromRegistry = NO_REGISTRY === undefined ? it : it.skip;

/** Systems that run in all their environments; of the others only dev does. */
export const IN_ALL_ENVIRONMENTS: readonly System[] =
  NO_REGISTRY === undefined ? drawn("systems in all environments", SYSTEMS) : [];

/** Stacks that are made once, and that all tests of this file use. */
export class Running {
  /** What `./dev up` said, by the name of the deployment. */
  readonly said = new Map<string, string>();
  private made: AllStacks | undefined;

  async prepare(): Promise<void> {
    this.made = await AllStacks.prepare(SYSTEMS, IN_ALL_ENVIRONMENTS);
  }

  get all(): AllStacks {
    if (!this.made) throw new Error("there are no stacks yet");
    return this.made;
  }

  /** Lunch Bot in dev. */
  get shop(): Expected {
    return this.all.inDev.find(({ deployment }) => deployment.system === LUNCH_BOT) as Expected;
  }

  /** Brings all of them up, those in dev first: their images are what the registry has. */
  async up(): Promise<void> {
    const up = async ({ deployment }: Expected) => {
      this.said.set(deployment.name, await deployment.up());
    };
    const published = this.all.publishImages();
    await this.each(up, this.all.inDev);
    await this.each(({ deployment }) => deployment.create(), this.all.fromRegistry);
    await published;
    await this.each(up, this.all.fromRegistry);
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

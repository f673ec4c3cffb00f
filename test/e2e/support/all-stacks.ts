import * as fs from "node:fs";
import * as path from "node:path";

import { STACKS, System } from "../../support/systems";
import { Deployment } from "./deployment";
import { Expectation, expectationOf } from "./expectation";
import { inTurns } from "./in-turns";
import { ProjectCopy } from "./project";
import { Registry } from "./registry";
import { run, succeed } from "./run";

/** Two cores are busy with two of them, and others may run beside these. */
export const STACKS_AT_ONCE = 2;

/** So many containers on two cores would spend half of them on health checks. */
const HEALTH_INTERVAL_SECONDS = 15;

const DEV = "dev";

/** They mostly wait for services that end. */
const REMOVALS_AT_ONCE = 6;

/** A stack, and what is expected of its system. */
export interface Expected {
  readonly deployment: Deployment;
  readonly expectation: Expectation;
}

/** Stacks of both systems from one copy of the repository, staging and prod from a registry of their own. */
export class AllStacks {
  /** Every image by the name under which the daemon pulled it. */
  private readonly references = new Set<string>();

  private constructor(
    readonly copy: ProjectCopy,
    private readonly registry: Registry | undefined,
    readonly stacks: readonly Expected[],
  ) {}

  /** Dev of each system, and the other environments of some of them. */
  static async prepare(systems: readonly System[], inAllEnvironments = systems): Promise<AllStacks> {
    const registry = inAllEnvironments.length > 0 ? await Registry.start() : undefined;
    const copy = await ProjectCopy.create("all");
    const outside = { PULUMI_CONFIG_PASSPHRASE: "e2e", ...registry?.credentials() };
    const stacks: Expected[] = [];
    for (const system of systems) {
      const expectation = expectationOf(system);
      for (const stack of inAllEnvironments.includes(system) ? STACKS : ([DEV] as const)) {
        const deployment = await Deployment.prepare(copy, system, stack, stack === DEV ? {} : outside);
        deployment.set({ "runtime.healthIntervalSeconds": HEALTH_INTERVAL_SECONDS });
        if (stack !== DEV) deployment.set(expectation.stubs);
        stacks.push({ deployment, expectation });
      }
    }
    return new AllStacks(copy, registry, stacks);
  }

  /** Those in which people develop. */
  get inDev(): Expected[] {
    return this.of(DEV);
  }

  /** Staging and prod. */
  get fromRegistry(): Expected[] {
    return this.stacks.filter(({ deployment }) => deployment.stack !== DEV);
  }

  of(stack: string): Expected[] {
    return this.stacks.filter(({ deployment }) => deployment.stack === stack);
  }

  /** Pushes what dev runs, each image once, and names it by digest in the other stack files. */
  async publishImages(): Promise<void> {
    const pushed = new Map<string, Promise<string>>();
    const systems = new Set(this.fromRegistry.map(({ deployment }) => deployment.system));
    const { registry } = this;
    if (!registry) return;
    for (const { deployment: dev } of this.inDev.filter(({ deployment }) => systems.has(deployment.system))) {
      const local = JSON.parse(afterBrace(await dev.devOk("images"))) as Record<string, string>;
      const push = async (name: string) => {
        const id = local[name] ?? "";
        const pushing = pushed.get(id) ?? registry.push(id, `images/${name}`);
        pushed.set(id, pushing);
        this.references.add(await pushing);
        return [`images.${name}`, await pushing] as const;
      };
      const images = Object.fromEntries(await Promise.all(dev.system.images.map(push)));
      // They are what dev runs, whose variant is the default one.
      const values = { ...images, "images.nginxVersion": local.nginxVersion, "images.variant": undefined };
      for (const { deployment } of this.fromRegistry) {
        if (deployment.system === dev.system) deployment.set(values);
      }
    }
  }

  /**
   * Commits what was deployed, as a pipeline does, and gives a clone that lies elsewhere and has new docs. The copy's
   * link to the packages is committed, too; certificates come to a clone by other ways.
   */
  async cloneWithNewDocs(): Promise<string> {
    const clone = path.join(path.dirname(this.copy.folder), "elsewhere");
    await commit(this.copy.folder, "Deploy");
    await succeed("git", ["clone", "-q", this.copy.folder, clone]);
    fs.appendFileSync(path.join(clone, "README.md"), "\nOne more line.\n");
    await commit(clone, "Say more");
    for (const { deployment } of this.stacks) {
      const { folder, certificateFolder } = deployment;
      const theirs = certificateFolder && path.join(deployment.from(clone).folder, certificateFolder);
      if (theirs) fs.cpSync(path.join(folder, certificateFolder), theirs, { recursive: true });
    }
    return clone;
  }

  /** Removes stacks with their data. */
  async down(stacks = this.stacks): Promise<void> {
    await inTurns(REMOVALS_AT_ONCE, stacks, ({ deployment }) => deployment.down());
  }

  /** Removes all that was ever made; also after a failure. */
  async remove(): Promise<void> {
    try {
      await this.down();
      await this.copy.remove();
      // Some may never have been pulled.
      await run("docker", ["rmi", "--no-prune", ...this.references]);
    } finally {
      await this.registry?.stop();
    }
  }
}

async function commit(cwd: string, message: string): Promise<void> {
  const author = ["-c", "user.name=e2e", "-c", "user.email=e2e@example.com"];
  await succeed("git", [...author, "commit", "-qam", message], { cwd });
}

/** `./dev images` ends with the file it wrote. */
function afterBrace(text: string): string {
  return text.slice(text.indexOf("{"));
}

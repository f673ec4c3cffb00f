import * as fs from "node:fs";
import * as path from "node:path";

import { StackName, STACKS, System } from "../../support/systems";
import { Deployment } from "./deployment";
import { Expectation, expectationOf } from "./expectation";
import { ProjectCopy } from "./project";
import { Registry } from "./registry";
import { run, succeed } from "./run";

/** Two cores are busy with two of them, and others may run beside these. */
export const STACKS_AT_ONCE = 2;

/** So many containers on two cores would spend half of them on health checks. */
const HEALTH_INTERVAL_SECONDS = 15;

const DEV = "dev";

/** A stack, and what is expected of its system. */
export interface Expected {
  readonly deployment: Deployment;
  readonly expectation: Expectation;
}

/** Who runs where at the same time. */
export interface Cast {
  readonly inDev: System;
  /** In staging and prod. @default none, where this machine has no registry */
  readonly deployed?: System;
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

  static async prepare({ inDev, deployed }: Cast): Promise<AllStacks> {
    const registry = deployed && (await Registry.start());
    const copy = await ProjectCopy.create("all");
    const stacks: Expected[] = [];
    const prepare = async (system: System, stack: StackName, env: Readonly<Record<string, string>> = {}) => {
      const deployment = await Deployment.prepare(copy, system, stack, env);
      deployment.set({ "runtime.healthIntervalSeconds": HEALTH_INTERVAL_SECONDS });
      stacks.push({ deployment, expectation: expectationOf(system) });
    };
    await prepare(inDev, DEV);
    for (const stack of STACKS.filter((each) => deployed && each !== DEV)) {
      await prepare(deployed as System, stack, { PULUMI_CONFIG_PASSPHRASE: "e2e", ...registry?.credentials() });
    }
    const made = new AllStacks(copy, registry, stacks);
    for (const { deployment, expectation } of made.fromRegistry) deployment.set(expectation.stubs);
    return made;
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

  /** Makes the images of the system that is deployed, pushes each once, and names it by digest in its stack files. */
  async publishImages(): Promise<void> {
    const { registry } = this;
    const system = this.fromRegistry[0]?.deployment.system;
    if (!registry || !system) return;
    const local = await this.localImages(system);
    const pushed = new Map<string, Promise<string>>();
    const push = async (name: string) => {
      const id = local[name] ?? "";
      const pushing = pushed.get(id) ?? registry.push(id, `images/${name}`);
      pushed.set(id, pushing);
      this.references.add(await pushing);
      return [`images.${name}`, await pushing] as const;
    };
    const images = Object.fromEntries(await Promise.all(system.images.map(push)));
    // They are what dev runs, whose variant is the default one.
    const values = { ...images, "images.nginxVersion": local["nginxVersion"], "images.variant": undefined };
    for (const { deployment } of this.fromRegistry) deployment.set(values);
  }

  private async localImages(system: System): Promise<Record<string, string>> {
    const dev = await Deployment.prepare(this.copy, system, DEV);
    return JSON.parse(afterBrace(await dev.devOk("images"))) as Record<string, string>;
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
    await Promise.all(stacks.map(({ deployment }) => deployment.down()));
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

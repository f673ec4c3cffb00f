import * as path from "node:path";

import { Deployment } from "../deployment";
import { docker } from "../docker";
import { label } from "../inspected";
import { ProjectCopy } from "../project";
import { done, previewed } from "./changes";
import { Load } from "./load";
import { LunchBotLoad } from "./lunch-bot-load";
import { summary, told } from "./summary";
import { TaskTrackerLoad } from "./task-tracker-load";
import { Query, Workload } from "./workload";

/** Generations by credential. */
export type Generations = Readonly<Record<string, number>>;

/** A rotation that is over. */
export interface Rotation {
  /** What the preview listed beforehand, and what was then done. */
  readonly previewed: readonly string[];
  readonly done: readonly string[];
}

/** A stack that is used while it is changed. */
export class LoadedStack {
  private load: Load | undefined;
  private workload: Workload | undefined;

  constructor(
    private readonly copy: ProjectCopy,
    readonly deployment: Deployment,
  ) {}

  async begin(requestsPerSecond: number, mostSeconds: number): Promise<void> {
    const { origin, certificate: ca, system } = this.deployment;
    const workload =
      system.project === "lunch-bot"
        ? await LunchBotLoad.prepare(origin, this.query)
        : await TaskTrackerLoad.prepare(origin, this.query, ca);
    const { next, quiet } = workload;
    this.workload = workload;
    this.load = Load.begin({ origin, ca, requestsPerSecond, mostSeconds, next, quiet });
  }

  /** Ends the load, and gives all that went wrong in it. */
  async end(): Promise<string[]> {
    const { load, workload } = this.taken();
    await load.end();
    const odd = await workload.settled();
    const leftOut = `${load.leftOut} left out because too many were unanswered`;
    console.info(`${this.deployment.name}: ${summary(load.sent)}, ${leftOut}, ${workload.remarks?.() ?? ""}`);
    await workload.end();
    const tooSlow = load.leftOut > load.sent.length ? [`this machine is too slow for the load: ${leftOut}`] : [];
    return [...told(load.failures), ...odd, ...tooSlow];
  }

  /** Ends whatever of a load is still under way; also after a failure. */
  async stop(): Promise<void> {
    await this.load?.end().catch(() => undefined);
    await this.workload?.end();
  }

  /** Gives credentials other generations, by nothing but configuration and `./dev up`. */
  async rotate(generations: Generations): Promise<Rotation> {
    await this.configure(generations);
    const planned = await previewed(this.deployment);
    const { load } = this.taken();
    const [before, began] = [load.sent.length, Date.now()];
    await this.deployment.up();
    const seconds = ((Date.now() - began) / 1000).toFixed(1);
    console.info(
      `${this.deployment.name}, ${named(generations)}: up in ${seconds} s, ${summary(load.sent.slice(before))}`,
    );
    return { previewed: planned, done: done(this.recordFile) };
  }

  async configure(generations: Generations): Promise<void> {
    const settings = Object.entries(generations).map(([name, number]) => [`rotation.${name}`, `${number}`] as const);
    const [first = [], ...more] = settings;
    const command =
      more.length === 0
        ? ["set", ...first]
        : ["set-all", ...settings.flatMap((each) => ["--plaintext", each.join("=")])];
    await this.deployment.devOk("pulumi", "config", ...command, "--path", "--stack", this.deployment.stack);
  }

  /** The generation of a credential by the stack's outputs. */
  async generation(name: string): Promise<number> {
    const output = ["stack", "output", "generations", "--json", "--stack", this.deployment.stack];
    return (JSON.parse(await this.deployment.devOk("pulumi", ...output)) as Generations)[name] ?? 0;
  }

  /** The record of the last `./dev up`. */
  get recordFile(): string {
    return path.join(this.dataFolder, `${this.deployment.stack}.log`);
  }

  /** Where its state and what belongs to it lie. */
  get dataFolder(): string {
    return path.join(path.dirname(path.dirname(this.copy.statePath)), this.deployment.project);
  }

  readonly query: Query = async (sql) => {
    const { project } = this.deployment.system;
    const services = await this.deployment.containers("service");
    const id = services.find((container) => label(container, "service") === "postgres")?.Id ?? "";
    const database = project.replace("-", "_");
    const answer = await docker("exec", id, "psql", "-X", "-U", "postgres", "-d", database, "-tAF", "\t", "-c", sql);
    return answer
      .split("\n")
      .filter(Boolean)
      .map((line) => line.split("\t"));
  };

  private taken(): { load: Load; workload: Workload } {
    if (!this.load || !this.workload) throw new Error(`there is no load on ${this.deployment.name}`);
    return { load: this.load, workload: this.workload };
  }
}

/** Generations in words. */
export function named(generations: Generations): string {
  return Object.entries(generations)
    .map(([name, number]) => `${name} ${number}`)
    .join(", ");
}

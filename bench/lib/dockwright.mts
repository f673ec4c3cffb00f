// Our side: a Pulumi project under `./dev` with a name, port, state and data folder of its own.
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { UserError } from "../../scripts/lib/run.mts";
import type { Contender } from "./contender.mts";
import { hasUnhealthy } from "./inspected.mts";
import { ROOT, WORK } from "./project-copy.mts";
import { type Command, Interrupted, type Timed, timed } from "./timing.mts";

const DATA = join(WORK, "data");
const HEALTH_PATIENCE_MS = 120_000;
const READ_EXPORTS = 'exports=$("$1" env) && eval "$exports" && node -p "JSON.stringify(process.env)"';

export class Project implements Contender {
  readonly name: string;
  private readonly folder: string;
  private readonly stop: AbortSignal;
  private exports: NodeJS.ProcessEnv | undefined;

  constructor(name: string, folder: string, stop: AbortSignal) {
    this.name = name;
    this.folder = folder;
    this.stop = stop;
  }

  up(): Promise<Timed> {
    return timed(this.dev("up"), this.stop);
  }

  preview(): Promise<Timed> {
    return timed(this.dev("preview"), this.stop);
  }

  down(): Promise<Timed> {
    return timed(this.dev("down", "--volumes"), this.stop);
  }

  /** A local image has no digest to name in a setting: it stands in the file that `./dev images` writes. */
  setImage(image: string): Promise<void> {
    const file = join(this.folder, ".dockwright", "images.json");
    const images = JSON.parse(readFileSync(file, "utf8")) as Record<string, string>;
    writeFileSync(file, JSON.stringify({ ...images, app: image }));
    return Promise.resolve();
  }

  /** The engine, and then Docker's word that all is healthy. `./dev up` would write its own image into the file first. */
  async release(): Promise<Timed> {
    const done = await this.plainUp();
    const start = performance.now();
    while (hasUnhealthy(this.name)) {
      if (performance.now() - start > HEALTH_PATIENCE_MS) throw new UserError(`${this.name} did not become healthy`);
      await sleep(300);
      if (this.stop.aborted) throw new Interrupted();
    }
    return { ...done, wallSeconds: done.wallSeconds + (performance.now() - start) / 1000 };
  }

  async configure(...setting: string[]): Promise<void> {
    await timed(this.dev("pulumi", "config", "set", ...setting), this.stop);
  }

  /** The engine alone, with what `./dev env` prints. */
  plainUp(): Promise<Timed> {
    return this.pulumi("up", "--yes", "--skip-preview");
  }

  plainPreview(): Promise<Timed> {
    return this.pulumi("preview");
  }

  async cleanUp(): Promise<void> {
    if (!existsSync(this.folder)) return;
    await timed(this.dev("down", "--volumes"));
    rmSync(join(this.folder, ".dockwright"), { recursive: true, force: true });
  }

  private dev(...args: string[]): Command {
    const command: [string, ...string[]] = [join(ROOT, "dev"), ...args];
    return { what: `./dev ${args.join(" ")} of ${this.name}`, command, cwd: this.folder, env: environment() };
  }

  private async pulumi(...args: string[]): Promise<Timed> {
    this.exports ??= await readExports(this.folder, this.stop);
    const what = `pulumi ${args.join(" ")} of ${this.name}`;
    return timed({ what, command: ["pulumi", ...args], cwd: this.folder, env: this.exports }, this.stop);
  }
}

/** Nothing that the caller set for a stack of theirs may reach the bench's. */
function environment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^PULUMI_|^DOCKWRIGHT_ENV$/.test(name));
  return { ...Object.fromEntries(kept), DOCKWRIGHT_DATA_DIR: DATA };
}

/** The environment that `./dev env` makes. What it says of its phases stands in the same output. */
async function readExports(folder: string, stop: AbortSignal): Promise<NodeJS.ProcessEnv> {
  const command = ["bash", "-c", READ_EXPORTS, "bash", join(ROOT, "dev")] as const;
  const { output } = await timed({ what: "./dev env", command, cwd: folder, env: environment() }, stop);
  const json = output.split("\n").find((line) => line.startsWith("{"));
  if (json === undefined) throw new UserError("./dev env printed no environment", ...output.trim().split("\n"));
  return JSON.parse(json) as NodeJS.ProcessEnv;
}

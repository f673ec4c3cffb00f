import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

import { Outcome, run, Started, started, succeed } from "./run";

const REPOSITORY = path.resolve(__dirname, "../../..");

/** The small programs of test/e2e/programs, copied, with the engine and a state of their own: no `./dev`, no Docker. */
export class Programs {
  private constructor(
    readonly folder: string,
    private readonly env: Record<string, string>,
  ) {}

  static async create(): Promise<Programs> {
    const home = (await succeed(path.join(REPOSITORY, "engine/ensure.sh"), [])).trim();
    const base = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "programs-")));
    const folder = path.join(base, "programs");
    fs.cpSync(path.join(REPOSITORY, "test/e2e/programs"), folder, { recursive: true });
    fs.symlinkSync(path.join(REPOSITORY, "node_modules"), path.join(base, "node_modules"));
    fs.writeFileSync(path.join(base, "package.json"), '{ "private": true }\n');
    fs.mkdirSync(path.join(base, "state"));
    // The packaged Node, as ./dev does where the machine's own is too old.
    const node = [path.join(home, "bin"), path.join(REPOSITORY, "node_modules/node/bin")];
    return new Programs(folder, {
      PULUMI_HOME: home,
      PATH: [...node, process.env.PATH].join(path.delimiter),
      PULUMI_BACKEND_URL: `file://${path.join(base, "state")}`,
      PULUMI_CONFIG_PASSPHRASE: "test",
      PULUMI_STACK: "test",
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PULUMI_NODEJS_TRANSPILE_ONLY: "true",
    });
  }

  /** A program with a fresh stack. */
  async program(name: string): Promise<Program> {
    const program = new Program(path.join(this.folder, name), this.env);
    await program.ok("stack", "init", "test");
    return program;
  }

  /** A program in a folder of its own, for which no packages are installed. */
  async withoutPackages(name: string): Promise<Program> {
    const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "no-packages-")));
    fs.writeFileSync(path.join(folder, "Pulumi.yaml"), "name: no-packages\nruntime: nodejs\nmain: index.ts\n");
    fs.writeFileSync(path.join(folder, "package.json"), '{ "dependencies": { "@pulumi/pulumi": "3.258.0" } }\n');
    fs.copyFileSync(path.join(this.folder, name, "index.ts"), path.join(folder, "index.ts"));
    const program = new Program(folder, this.env);
    await program.ok("stack", "init", "test");
    return program;
  }

  remove(): void {
    fs.rmSync(path.dirname(this.folder), { recursive: true, force: true });
  }
}

export class Program {
  constructor(
    readonly folder: string,
    readonly env: Record<string, string>,
  ) {}

  pulumi(...args: string[]): Promise<Outcome> {
    return run("pulumi", [...args, "--non-interactive"], { cwd: this.folder, env: this.env, timeoutSeconds: 120 });
  }

  startUp(config: Config): Started {
    const args = ["up", "--yes", "--skip-preview", "--non-interactive", ...flags(config)];
    return started("pulumi", args, { cwd: this.folder, env: this.env, timeoutSeconds: 120 });
  }

  ok(...args: string[]): Promise<string> {
    return succeed("pulumi", [...args, "--non-interactive"], { cwd: this.folder, env: this.env, timeoutSeconds: 120 });
  }

  up(config: Config = {}): Promise<Outcome> {
    return this.startUp(config).finished;
  }

  preview(config: Config = {}, ...args: string[]): Promise<Outcome> {
    return this.pulumi("preview", ...flags(config), ...args);
  }

  async outputs(): Promise<Record<string, unknown>> {
    return JSON.parse(await this.ok("stack", "output", "--json", "--show-secrets")) as Record<string, unknown>;
  }
}

/** Settings that a command writes before it begins. */
type Config = Record<string, string>;

function flags(config: Config): string[] {
  return Object.entries(config).map(([key, value]) => `--config=${key}=${value}`);
}

/** Whether a process is there and not just waiting to be reaped. */
export function isAlive(pid: string): boolean {
  try {
    return !execFileSync("ps", ["-o", "stat=", "-p", pid]).toString().trim().startsWith("Z");
  } catch {
    return false;
  }
}

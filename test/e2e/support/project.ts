import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

import { freePort } from "./free-port";
import { Outcome, run, Started, started, succeed } from "./run";

const REPOSITORY = path.resolve(__dirname, "../../..");

/** A copy of the repository with a project name, a port and a state of its own, so that tests disturb nobody. */
export class ProjectCopy {
  private constructor(
    readonly name: string,
    readonly folder: string,
    readonly port: number,
    private readonly dataFolder: string,
  ) {}

  /** A fresh copy under a fresh name. */
  static async create(label: string): Promise<ProjectCopy> {
    const name = `lb-${label}-${process.pid.toString(36)}${Date.now().toString(36).slice(-3)}`;
    const base = fs.mkdtempSync(path.join(os.tmpdir(), `${name}-`));
    return new ProjectCopy(name, path.join(base, "clone"), await freePort(), path.join(base, "data")).fill();
  }

  /** Another clone at another path, with the same state and passphrase. */
  async secondClone(): Promise<ProjectCopy> {
    const folder = path.join(path.dirname(this.folder), "second", "clone");
    return new ProjectCopy(this.name, folder, this.port, this.dataFolder).fill();
  }

  get origin(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get statePath(): string {
    return path.join(this.dataFolder, this.name, "state");
  }

  get env(): Record<string, string> {
    return { DOCKWRIGHT_DATA_DIR: this.dataFolder, CI: "" };
  }

  dev(args: readonly string[], env: Record<string, string> = {}): Promise<Outcome> {
    return run(path.join(this.folder, "dev"), args, { cwd: this.folder, env: { ...this.env, ...env } });
  }

  startDev(args: readonly string[]): Started {
    return started(path.join(this.folder, "dev"), args, { cwd: this.folder, env: this.env });
  }

  /** Runs `./dev` and fails with all it said when it fails. */
  async devOk(...args: string[]): Promise<string> {
    return succeed(path.join(this.folder, "dev"), args, { cwd: this.folder, env: this.env });
  }

  /** Changes committed values of the dev stack, by text. */
  edit(file: string, change: (text: string) => string): void {
    const target = path.join(this.folder, file);
    fs.writeFileSync(target, change(fs.readFileSync(target, "utf8")));
  }

  /** Takes back every change of a file since the copy was made. */
  restore(file: string): void {
    execFileSync("git", ["checkout", "-q", "--", file], { cwd: this.folder });
  }

  /** Removes everything this copy ever made; also after a failure. */
  async remove(): Promise<void> {
    await this.dev(["down", "--volumes"]);
    fs.rmSync(path.dirname(this.folder), { recursive: true, force: true });
  }

  private async fill(): Promise<ProjectCopy> {
    fs.mkdirSync(this.folder, { recursive: true });
    const listed = await succeed("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
      cwd: REPOSITORY,
    });
    for (const file of listed.split("\0").filter((name) => name && fs.existsSync(path.join(REPOSITORY, name)))) {
      fs.mkdirSync(path.dirname(path.join(this.folder, file)), { recursive: true });
      fs.copyFileSync(path.join(REPOSITORY, file), path.join(this.folder, file));
    }
    fs.symlinkSync(path.join(REPOSITORY, "node_modules"), path.join(this.folder, "node_modules"));
    for (const file of ["Pulumi.yaml", "Pulumi.dev.yaml", "Pulumi.staging.yaml", "Pulumi.prod.yaml"]) {
      this.edit(file, (text) =>
        text.replace("name: lunch-bot", `name: ${this.name}`).replaceAll("lunch-bot:", `${this.name}:`),
      );
    }
    this.edit("Pulumi.dev.yaml", (text) => text.replaceAll("8080", String(this.port)));
    await this.commit();
    return this;
  }

  private async commit(): Promise<void> {
    const git = (...args: string[]) => succeed("git", args, { cwd: this.folder });
    await git("init", "-q");
    await git("add", "-A");
    await git("-c", "user.name=e2e", "-c", "user.email=e2e@example.com", "commit", "-qm", "Copy for a test");
  }
}

// The peer: `docker compose` on the file that was made from our own stack.
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Contender } from "./contender.mts";
import { type Command, type Timed, timed } from "./timing.mts";

/** `docker compose`, or the path of the binary that `./dev bench` built: words separated by blanks. */
export function composeCommand(env: NodeJS.ProcessEnv): [string, ...string[]] {
  const [program = "docker", ...rest] = (env["DOCKWRIGHT_COMPOSE"] || "docker compose").split(" ");
  return [program, ...rest];
}

export class Compose implements Contender {
  readonly name: string;
  private readonly folder: string;
  private readonly stop: AbortSignal;
  private readonly program: [string, ...string[]];

  constructor(name: string, folder: string, stop: AbortSignal) {
    this.name = name;
    this.folder = folder;
    this.stop = stop;
    this.program = composeCommand(process.env);
  }

  up(): Promise<Timed> {
    return timed(this.command("up", "--detach", "--wait"), this.stop);
  }

  release(): Promise<Timed> {
    return this.up();
  }

  preview(): Promise<Timed> {
    return timed(this.command("--dry-run", "up", "--detach", "--wait"), this.stop);
  }

  down(): Promise<Timed> {
    return timed(this.command("down", "--volumes"), this.stop);
  }

  /** Replaces the image that the backend has now, wherever the file names it. */
  setImage(image: string): Promise<void> {
    const path = join(this.folder, "compose.yaml");
    const text = readFileSync(path, "utf8");
    const current = /^ {2}backend:\n {4}image: (\S+)$/m.exec(text)?.[1];
    if (current === undefined) throw new Error(`${path} has no service backend that begins with its image`);
    writeFileSync(path, text.replaceAll(`image: ${current}\n`, `image: ${image}\n`));
    return Promise.resolve();
  }

  async cleanUp(): Promise<void> {
    if (!existsSync(this.folder)) return;
    await timed(this.command("down", "--volumes"));
    rmSync(this.folder, { recursive: true, force: true });
  }

  private command(...args: string[]): Command {
    const [program, ...rest] = this.program;
    const file = ["--project-name", this.name, "--file", "compose.yaml"];
    return { what: `compose ${args.join(" ")}`, command: [program, ...rest, ...file, ...args], cwd: this.folder };
  }
}

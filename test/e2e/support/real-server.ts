import { randomUUID } from "node:crypto";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

import * as pulumi from "@pulumi/pulumi";

import { Bindable, DockerEngine } from "../../../components";
import { engine } from "../../support/fixtures";
import { Graph, graph, Inputs } from "../../support/harness";
import { docker } from "./docker";
import { eventually, Outcome, run, succeed } from "./run";

const ROOT = path.join(__dirname, "../../..");

/** A server's component, and what a consumer uses of it. */
export interface Server {
  readonly component: pulumi.Resource;
  readonly uses: readonly { readonly service: string; readonly bindable: Bindable }[];
}

/** The image of a server that systems run, by id. */
export async function serverImage(product: string): Promise<string> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "server-image-"));
  const file = path.join(folder, "images.json");
  await succeed("bash", [path.join(ROOT, "images/ensure.sh"), file, product]);
  const { images } = JSON.parse(fs.readFileSync(file, "utf8")) as { images: Record<string, string> };
  fs.rmSync(folder, { recursive: true });
  return images[product] ?? "";
}

/** One real server, started and administered by the library's own arguments, files and acts, but for Pulumi. */
export class RealServer {
  private readonly id: string;
  private readonly folder: string;

  private constructor(
    private readonly product: string,
    private readonly image: string,
    private readonly dataPath: string,
  ) {
    this.id = `${product}-test-${randomUUID().slice(0, 8)}`;
    this.folder = fs.mkdtempSync(path.join(os.tmpdir(), `${this.id}-`));
  }

  /** Starts what a program makes of a server of that name. */
  static async start(product: string, make: (platform: DockerEngine) => Server): Promise<RealServer> {
    const acts = await Acts.of(make);
    const { envs, user, entrypoints, tmpfs, volumes } = acts.container(product);
    const dataPath = (volumes as { containerPath: string; readOnly: boolean }[]).find(({ readOnly }) => !readOnly);
    const server = new RealServer(product, await serverImage(product), dataPath?.containerPath ?? "");
    fs.chmodSync(server.folder, 0o755);
    for (const { file, content } of acts.files(product)) {
      fs.writeFileSync(path.join(server.folder, path.basename(file)), content);
    }
    await docker("network", "create", server.id);
    await docker("volume", "create", server.id);
    const memory = Object.entries(tmpfs as Record<string, string>).map(([at, how]) => `--tmpfs=${at}:${how}`);
    await docker(
      ...["run", "-d", "--name", server.id, "--network", server.id, "--network-alias", product, "--user", String(user)],
      ...["--read-only", "--cap-drop=ALL", "--memory=768m", "--stop-timeout=5", ...memory],
      ...(envs as string[]).map((variable) => `--env=${variable}`),
      ...["-v", `${server.folder}:/etc/dockwright:ro`, "-v", `${server.id}:${server.dataPath}`],
      ...["--entrypoint", String(entrypoints[0]), server.image, ...(entrypoints as string[]).slice(1)],
    );
    return server;
  }

  /** Waits until a command inside succeeds. */
  async ready(...command: string[]): Promise<void> {
    await eventually(`${this.product} to be ready`, 90, async () => {
      const { code } = await run("docker", ["exec", this.id, ...command]);
      return code === 0 ? true : undefined;
    });
  }

  /** The acts that a program makes, to be run here. */
  async acts(make: (platform: DockerEngine) => Server): Promise<Acts> {
    const acts = await Acts.of(make);
    const own = { CONTAINER: this.id, NETWORK: this.id, IMAGE: this.image, PROJECT: this.id, STACK: "test" };
    return acts.at(own);
  }

  /** Runs a command inside. */
  inside(command: readonly string[], input = "", variables: Record<string, string> = {}): Promise<Outcome> {
    const flags = Object.entries(variables).map(([name, value]) => `--env=${name}=${value}`);
    return run("docker", ["exec", "-i", ...flags, this.id, ...command], { input, timeoutSeconds: 60 });
  }

  /** All that the server has logged. */
  async log(): Promise<string> {
    return (await run("docker", ["logs", this.id])).output;
  }

  async remove(): Promise<void> {
    await run("docker", ["rm", "-f", this.id]);
    await run("docker", ["network", "rm", this.id]);
    await run("docker", ["volume", "rm", this.id]);
    fs.rmSync(this.folder, { recursive: true });
  }
}

/** The acts of a program, by what the engine would run. */
export class Acts {
  private constructor(
    private readonly graph: Graph,
    private readonly own: Record<string, string>,
  ) {}

  static async of(make: (platform: DockerEngine) => Server): Promise<Acts> {
    const nodes = await graph({}, () => {
      const platform = engine();
      const { uses } = make(platform);
      for (const { service, bindable } of uses) bindable.bind({ service, parent: platform });
    });
    return new Acts(nodes, {});
  }

  /** The same for another container. */
  at(own: Record<string, string>): Acts {
    return new Acts(this.graph, own);
  }

  container(name: string): Inputs {
    return this.graph.container(`${name}-container`);
  }

  /** The configuration of a server. */
  files(name: string): { file: string; content: string }[] {
    return this.graph.container(`${name}-files`).uploads as { file: string; content: string }[];
  }

  /** What a login is called. */
  nameOf(login: string): string {
    return (this.command(login).environment as Record<string, string>).LOGIN ?? "";
  }

  /** Its password. */
  passwordOf(login: string): string {
    return String(this.command(login).stdin).trimEnd().split("\n").at(-1) ?? "";
  }

  /** Makes a login, or runs another act. */
  apply(act: string): Promise<Outcome> {
    return this.run(act, "SCRIPT");
  }

  /** Takes a login back. */
  revoke(act: string): Promise<Outcome> {
    return this.run(act, "REVOKE_SCRIPT");
  }

  /** Whose the logins on a server are, by the script that an act carries. */
  async list(act: string): Promise<string[]> {
    const { code, output, stdout } = await this.run(act, "LIST_SCRIPT");
    if (code !== 0) throw new Error(output);
    return stdout.split("\n").filter(Boolean);
  }

  private run(act: string, script: string): Promise<Outcome> {
    const { environment, stdin } = this.command(act);
    const env = { ...(environment as Record<string, string>), ...this.own };
    const input = script === "SCRIPT" ? String(stdin ?? "") : "";
    return run("sh", ["-c", `${env[script]}`], { env, input, timeoutSeconds: 120 });
  }

  private command(act: string): Inputs {
    return this.graph.get(":Command", act).revealed;
  }
}

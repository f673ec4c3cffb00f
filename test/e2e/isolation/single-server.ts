import { randomUUID } from "node:crypto";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

import { docker } from "../support/docker";
import { eventually, run, succeed } from "../support/run";

/** How a server is started. */
export interface ServerOptions {
  /** The name under which it is found on its network. */
  readonly service: string;
  readonly image: string;
  /** Image with the drivers. */
  readonly app: string;
  readonly user: string;
  readonly dataPath: string;
  /** @default 128 */
  readonly memoryMiB?: number;
  /** @default sh */
  readonly shell?: string;
  /** @default nothing */
  readonly environment?: Readonly<Record<string, string>>;
  /** What lies under /etc/dockwright. */
  readonly files: Readonly<Record<string, string>>;
}

const CONFINED = ["--read-only", "--cap-drop=ALL", "--security-opt=no-new-privileges:true"];

/** One real server, run as the library runs it but for Pulumi, on a network of its own. */
export class SingleServer {
  private readonly id = `isolation-test-${randomUUID().slice(0, 8)}`;
  private readonly folder = fs.mkdtempSync(path.join(os.tmpdir(), `${this.id}-`));

  private constructor(private readonly options: ServerOptions) {}

  static async start(options: ServerOptions): Promise<SingleServer> {
    const server = new SingleServer(options);
    const { id, folder } = server;
    const memory = `${options.memoryMiB ?? 128}m`;
    fs.chmodSync(folder, 0o755);
    for (const [name, content] of Object.entries(options.files)) fs.writeFileSync(path.join(folder, name), content);
    await docker("network", "create", id);
    await docker("volume", "create", id);
    await docker(
      ...["run", "-d", "--name", id, "--network", id, "--network-alias", options.service, "--stop-timeout", "1"],
      ...[...CONFINED, "--user", options.user, `--memory=${memory}`, `--memory-swap=${memory}`],
      ...Object.entries(options.environment ?? {}).flatMap(([name, value]) => ["-e", `${name}=${value}`]),
      ...["--tmpfs", "/tmp:mode=1777,size=64m,exec"],
      ...["--tmpfs", `/run/dockwright:uid=${options.user.split(":")[0]},mode=0700,size=1m`],
      ...["-v", `${folder}:/etc/dockwright:ro`, "-v", `${id}:${options.dataPath}`],
      ...["--entrypoint", options.shell ?? "sh", options.image, "/etc/dockwright/start.sh"],
    );
    await server.healthy();
    return server;
  }

  async restart(): Promise<void> {
    await docker("restart", this.id);
    await this.healthy();
  }

  /** Makes or revokes a login by the very script that an act runs; what it says. */
  async act(
    script: string,
    login: string,
    stdin: string,
    parameters: Readonly<Record<string, string>>,
  ): Promise<string> {
    const { service, image, user } = this.options;
    const env = {
      ...{ CONTAINER: this.id, SERVICE: service, IMAGE: image, USER_ID: user, NETWORK: this.id, LOGIN: login },
      ...{ PROJECT: this.id, STACK: "test", STACK_ID: this.id, ...parameters },
    };
    return succeed("sh", ["-c", script], { env, input: stdin });
  }

  /** Runs a program of this folder with the drivers of the application, beside the server; what it prints is JSON. */
  async drive<Result>(program: string, input: unknown): Promise<Result> {
    const script = fs.readFileSync(path.join(__dirname, program), "utf8");
    const node = ["--entrypoint=node", this.options.app, "--input-type=module", "-e", script];
    const args = [
      "run",
      "--rm",
      "-i",
      `--network=${this.id}`,
      ...CONFINED,
      "--memory=192m",
      "--log-driver=none",
      ...node,
    ];
    return JSON.parse(await succeed("docker", args, { input: JSON.stringify(input), timeoutSeconds: 60 })) as Result;
  }

  /** Runs a command inside the server's container. */
  inside(...command: string[]): Promise<string> {
    return docker("exec", this.id, ...command);
  }

  private async healthy(): Promise<void> {
    await eventually(`${this.options.service} to be healthy`, 60, async () => {
      const { code } = await run("docker", ["exec", this.id, this.options.shell ?? "sh", "/etc/dockwright/health.sh"]);
      return code === 0 ? true : undefined;
    });
  }

  async remove(): Promise<void> {
    await run("docker", ["rm", "-f", this.id]);
    await run("docker", ["network", "rm", this.id]);
    await run("docker", ["volume", "rm", this.id]);
    fs.rmSync(this.folder, { recursive: true });
  }
}

import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

import { docker } from "./docker";
import { eventually, run, succeed } from "./run";

const CONTEXT = path.resolve(__dirname, "../remote-host");

/** `--privileged` is more than a daemon needs, and not to be had everywhere. */
const MACHINE = [
  ...["--cap-add", "ALL", "--cap-drop", "SYS_RESOURCE"],
  ...["--security-opt", "seccomp=unconfined", "--security-opt", "apparmor=unconfined"],
  ...["--cgroupns", "host", "--volume", "/sys/fs/cgroup:/sys/fs/cgroup:rw"],
];

/** Why this machine cannot run another one in a container, or nothing. Asked before the tests are declared. */
export function whyNoRemoteHost(): string | undefined {
  if (process.platform !== "linux") return "it needs Linux";
  try {
    execFileSync("ssh", ["-V"], { stdio: "ignore" });
  } catch {
    return "there is no ssh command";
  }
  try {
    const answer = (...args: string[]) => execFileSync("docker", args, { encoding: "utf8", timeout: 60_000 }).trim();
    const image = answer("image", "ls", "--quiet", "--filter", "reference=dockwright/base").split("\n")[0];
    if (!image) return undefined; // made in the course of the tests
    answer("run", "--rm", ...MACHINE, image, "mount", "-o", "remount,rw", "/proc/sys");
    return undefined;
  } catch (error) {
    return `its daemon refuses what a machine in a container needs: ${(error as Error).message.split("\n").pop()}`;
  }
}

/** A machine with Docker Engine 26 and an SSH server, in a container, and a client's side of SSH in a folder. */
export class RemoteHost {
  private constructor(
    private readonly container: string,
    private readonly folder: string,
    readonly port: string,
  ) {}

  /** Starts it on top of an image of Debian 13, with one of its ports reachable from here under the same number. */
  static async start(name: string, base: string, publishedPort: number): Promise<RemoteHost> {
    const image = "dockwright/test-remote-host";
    await succeed("docker", ["build", "--quiet", "--build-arg", `BASE=${base}`, "--tag", image, CONTEXT], {
      env: { DOCKER_BUILDKIT: "0" },
    });
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "remote-host-"));
    await newKey(path.join(folder, "id"));
    await docker(
      ...["run", "--detach", "--init", "--name", name, "--hostname", name, ...MACHINE],
      ...["--publish", "127.0.0.1::22", "--publish", `127.0.0.1:${publishedPort}:${publishedPort}`],
      ...["--env", `AUTHORIZED_KEY=${fs.readFileSync(path.join(folder, "id.pub"), "utf8").trim()}`, image],
    );
    const port = (await docker("port", name, "22/tcp")).trim().split(":").pop() ?? "";
    const host = new RemoteHost(name, folder, port);
    host.configureClient();
    await host.answers();
    return host;
  }

  get url(): string {
    return `ssh://deploy@127.0.0.1:${this.port}`;
  }

  /** ssh reads the user's folder, wherever HOME points: so a command of the same name passes a configuration. */
  get env(): Record<string, string> {
    return { PATH: `${path.join(this.folder, "bin")}:${process.env["PATH"] ?? ""}` };
  }

  /** Its docker command, run on the machine itself. */
  async docker(...args: string[]): Promise<string> {
    return docker("exec", this.container, "docker", ...args);
  }

  /** Names of all that carries a project's label there. */
  async leftovers(project: string): Promise<string[]> {
    const filter = ["--filter", `label=dockwright.project=${project}`];
    const lists = ["ps -aq", "network ls -q", "volume ls -q"].map((list) => this.docker(...list.split(" "), ...filter));
    return (await Promise.all(lists)).flatMap((text) => text.split("\n").filter(Boolean));
  }

  /** Gives it images of the local daemon, rather than making them once more. */
  async load(images: readonly string[]): Promise<void> {
    const pipe = 'docker save "$@" | docker exec -i "$HOST" docker load';
    await succeed("sh", ["-c", pipe, "load", ...images], { env: { HOST: this.container } });
  }

  /** What the client knows of host keys: the right ones, others or none. */
  async setKnownHosts(which: "right" | "changed" | "none"): Promise<void> {
    let key = "";
    if (which === "right") key = await docker("exec", this.container, "cat", "/etc/ssh/ssh_host_ed25519_key.pub");
    if (which === "changed") {
      const other = path.join(this.folder, "other-host-key");
      if (!fs.existsSync(other)) await newKey(other);
      key = fs.readFileSync(`${other}.pub`, "utf8");
    }
    const line = key === "" ? "" : `[127.0.0.1]:${this.port} ${key.split(" ").slice(0, 2).join(" ")}\n`;
    fs.writeFileSync(this.knownHosts, line);
  }

  get knownHosts(): string {
    return path.join(this.folder, "known_hosts");
  }

  /** The fingerprint of the key it identifies itself by. */
  async fingerprint(): Promise<string> {
    const line = await docker("exec", this.container, "ssh-keygen", "-lf", "/etc/ssh/ssh_host_ed25519_key.pub");
    return line.split(" ")[1] ?? "";
  }

  async setKey(which: "right" | "other"): Promise<void> {
    const other = path.join(this.folder, "other");
    if (which === "other" && !fs.existsSync(other)) await newKey(other);
    this.configureClient(which === "right" ? "id" : "other");
  }

  /** Its Docker gets a new id, as after its package was purged and installed again over the old data. */
  async renewDaemonId(): Promise<void> {
    await docker("exec", this.container, "sh", "-c", "cat /proc/sys/kernel/random/uuid >/var/lib/docker/engine-id");
    await docker("exec", this.container, "pkill", "-x", "dockerd");
    await this.answers();
  }

  /** How often its SSH server turned connections away, for there were too many at once. */
  async droppedConnections(): Promise<string> {
    return (
      await run("docker", ["exec", this.container, "grep", "-ciE", "maxstartups|penalty", "/var/log/sshd.log"])
    ).stdout.trim();
  }

  async stop(): Promise<void> {
    await run("docker", ["exec", this.container, "sh", "-c", "touch /run/shutdown; pkill -x dockerd"]);
    await run("docker", ["wait", this.container], { timeoutSeconds: 30 });
    await run("docker", ["rm", "--force", "--volumes", this.container]);
    fs.rmSync(this.folder, { recursive: true, force: true });
  }

  private async answers(): Promise<void> {
    await eventually("the remote daemon to answer", 60, async () => {
      // Without a daemon the command succeeds with an empty answer.
      return (await this.docker("info", "--format", "{{.ID}}")).trim() || undefined;
    });
  }

  private configureClient(key = "id"): void {
    const lines = [
      `IdentityFile ${path.join(this.folder, key)}`,
      "IdentitiesOnly yes",
      "IdentityAgent none",
      `UserKnownHostsFile ${this.knownHosts}`,
      "GlobalKnownHostsFile /dev/null",
    ];
    const config = path.join(this.folder, "config");
    fs.writeFileSync(config, `${lines.join("\n")}\n`);
    const bin = path.join(this.folder, "bin");
    fs.mkdirSync(bin, { recursive: true });
    const ssh = execFileSync("sh", ["-c", "command -v ssh"], { encoding: "utf8" }).trim();
    fs.writeFileSync(path.join(bin, "ssh"), `#!/bin/sh\nexec ${ssh} -F ${config} "$@"\n`, { mode: 0o755 });
  }
}

async function newKey(file: string): Promise<void> {
  await succeed("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", file]);
}

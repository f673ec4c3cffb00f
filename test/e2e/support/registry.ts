import { ChildProcess, spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

import { freePort } from "./free-port";
import { addKeptImage, KEPT_NAME, keepImage } from "./kept-images";
import { eventually, succeed } from "./run";

const MANIFEST = "application/vnd.docker.distribution.manifest.v2+json";
const INDEX = "application/vnd.docker.distribution.manifest.list.v2+json";

const USER = "deployer";
const PASSWORD = "for-tests-only";
/** PASSWORD as htpasswd keeps it (bcrypt). */
const PASSWORD_HASH = "$2y$05$abcdefghijklmnopqrstuuZs.YZeLtYrzeLC44.kR5arqMlYS5RsS";

interface Manifest {
  readonly schemaVersion: 2;
  readonly mediaType: string;
  readonly config: { readonly mediaType: string; readonly size: number; readonly digest: string };
  readonly layers: readonly unknown[];
}

const digestOf = (content: string) => `sha256:${createHash("sha256").update(content).digest("hex")}`;

/** A container registry of its own on 127.0.0.1 that lets nobody in without a password. */
export class Registry {
  private constructor(
    readonly host: string,
    private readonly folder: string,
    private readonly data: string,
    private readonly child: ChildProcess,
  ) {}

  /** Why there cannot be one here that the daemon sees on this machine's 127.0.0.1. */
  static missing(): string | undefined {
    if (process.platform !== "linux") return "the daemon may run in a virtual machine";
    if (process.env.DOCKER_HOST?.startsWith("unix://") === false) return "the daemon is elsewhere";
    if (spawnSync("docker-registry", ["--version"]).error) return "there is no docker-registry on the PATH";
    return undefined;
  }

  /** Starts one that keeps its data in a folder of its own, or in one that outlives it. */
  static async start(dataFolder?: string): Promise<Registry> {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "registry-"));
    const data = dataFolder ?? path.join(folder, "data");
    const host = `127.0.0.1:${await freePort()}`;
    fs.writeFileSync(path.join(folder, "htpasswd"), `${USER}:${PASSWORD_HASH}\n`);
    fs.writeFileSync(path.join(folder, "config.yml"), configuration({ folder, data, host }));
    const child = spawn("docker-registry", ["serve", path.join(folder, "config.yml")], { stdio: "ignore" });
    const registry = new Registry(host, folder, data, child);
    await eventually("the registry to answer", 30, async () => {
      return (await fetch(`http://${host}/v2/`)).status === 401 ? true : undefined;
    });
    return registry;
  }

  /**
   * A folder for DOCKER_CONFIG whose credentials come from a helper program, and that program's folder for the PATH. It
   * speaks Docker's credential protocol: `get`, the server on standard input, JSON on standard output.
   */
  credentials(password = PASSWORD): { DOCKER_CONFIG: string; PATH: string } {
    const folder = fs.mkdtempSync(path.join(this.folder, "client-"));
    const helper = path.join(folder, "docker-credential-for-tests");
    const answer = JSON.stringify({ ServerURL: this.host, Username: USER, Secret: password });
    fs.writeFileSync(helper, helperScript(this.host, answer), { mode: 0o755 });
    const config = { credHelpers: { [this.host]: "for-tests" } };
    fs.writeFileSync(path.join(folder, "config.json"), JSON.stringify(config));
    return { DOCKER_CONFIG: folder, PATH: `${folder}:${process.env.PATH ?? ""}` };
  }

  /** Takes an image of the daemon; gives its reference by digest, and leaves the daemon without it. */
  async push(image: string, name: string): Promise<string> {
    const id = (await succeed("docker", ["image", "inspect", "--format", "{{.Id}}", image])).trim();
    const kept = await keepImage(id, async (data) => {
      const registry = await Registry.start(data);
      try {
        return await registry.pushByDocker(id, KEPT_NAME);
      } finally {
        await registry.stop();
      }
    });
    addKeptImage(kept, this.data, name);
    return `${this.host}/${name}@${kept.digest}`;
  }

  private async pushByDocker(image: string, name: string): Promise<string> {
    const tag = `${this.host}/${name}:pushed`;
    const env = this.credentials();
    await succeed("docker", ["tag", image, tag]);
    const said = await succeed("docker", ["push", tag], { env });
    const digest = /digest: (sha256:[0-9a-f]{64})/.exec(said)?.[1];
    if (digest === undefined) throw new Error(`docker push told no digest:\n${said}`);
    await succeed("docker", ["rmi", "--no-prune", tag]); // with the last tag, the daemon forgets the digest
    return digest;
  }

  /** The same image said to be for another processor; gives its reference. */
  async pushForArchitecture(reference: string, architecture: string): Promise<string> {
    const manifest = (await (await this.ask("GET", manifestPath(reference), MANIFEST)).json()) as Manifest;
    const repository = repositoryOf(reference);
    const old = (await (await this.ask("GET", `${repository}/blobs/${manifest.config.digest}`)).json()) as object;
    const config = JSON.stringify({ ...old, architecture });
    const upload = (await this.ask("POST", `${repository}/blobs/uploads/`)).headers.get("location") ?? "";
    await this.ask("PUT", `${upload}&digest=${digestOf(config)}`, "application/octet-stream", config);
    const changed = { ...manifest.config, size: config.length, digest: digestOf(config) };
    return this.pushManifest(repository, MANIFEST, { ...manifest, config: changed });
  }

  /** An index with one entry, which is for another processor; gives its reference. */
  async pushIndex(reference: string, architecture: string): Promise<string> {
    const size = (await (await this.ask("GET", manifestPath(reference), MANIFEST)).text()).length;
    const digest = reference.split("@")[1];
    const entry = { mediaType: MANIFEST, size, digest, platform: { architecture, os: "linux" } };
    const index = { schemaVersion: 2, mediaType: INDEX, manifests: [entry] };
    return this.pushManifest(repositoryOf(reference), INDEX, index);
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.child.once("exit", resolve));
    this.child.kill();
    await ended;
    fs.rmSync(this.folder, { recursive: true, force: true });
  }

  private async pushManifest(repository: string, mediaType: string, manifest: object): Promise<string> {
    const content = JSON.stringify(manifest);
    const digest = digestOf(content);
    await this.ask("PUT", `${repository}/manifests/${digest}`, mediaType, content);
    return `${this.host}/${repository.replace("/v2/", "")}@${digest}`;
  }

  private async ask(method: string, target: string, mediaType?: string, body?: string): Promise<Response> {
    const authorization = `Basic ${Buffer.from(`${USER}:${PASSWORD}`).toString("base64")}`;
    const type = body === undefined ? "accept" : "content-type";
    const headers = { authorization, ...(mediaType && { [type]: mediaType }) };
    const response = await fetch(new URL(target, `http://${this.host}`), { method, headers, body });
    if (!response.ok) throw new Error(`${method} ${target} answered ${response.status}: ${await response.text()}`);
    return response;
  }
}

function repositoryOf(reference: string): string {
  return `/v2/${(reference.split("@")[0] ?? "").replace(/^[^/]*\//, "")}`;
}

function manifestPath(reference: string): string {
  return `${repositoryOf(reference)}/manifests/${reference.split("@")[1] ?? ""}`;
}

interface Configuration {
  readonly folder: string;
  readonly data: string;
  readonly host: string;
}

function configuration({ folder, data, host }: Configuration): string {
  return `version: 0.1
log: { level: error, accesslog: { disabled: true } }
storage:
  filesystem: { rootdirectory: ${data} }
http: { addr: "${host}" }
auth:
  htpasswd: { realm: tests, path: ${folder}/htpasswd }
`;
}

function helperScript(host: string, answer: string): string {
  return `#!/bin/sh
[ "$1" = get ] || { echo "this helper only knows get" && exit 1; }
read -r server
[ "$server" = '${host}' ] || { echo "credentials not found in native keychain" && exit 1; }
echo '${answer}'
`;
}

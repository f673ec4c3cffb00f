import * as fs from "node:fs";
import * as path from "node:path";

import { parse, parseDocument } from "yaml";

import { StackName, System } from "../../support/systems";
import { selfSigned } from "./certificate";
import { containers } from "./docker";
import { freePort } from "./free-port";
import { Inspected, label } from "./inspected";
import { ProjectCopy } from "./project";
import { Outcome, run, succeed } from "./run";

/** One stack of one system, from a copy of the repository. */
export class Deployment {
  private constructor(
    readonly system: System,
    readonly stack: StackName,
    /** Name that the copy gives the system's project. */
    readonly project: string,
    /** Top folder of the copy. */
    private readonly root: string,
    private readonly env: Readonly<Record<string, string>>,
  ) {}

  /** Ready to come up, but for images: under ports of its own, and with a certificate where it serves one. */
  static async prepare(
    copy: ProjectCopy,
    system: System,
    stack: StackName,
    env: Readonly<Record<string, string>> = {},
  ): Promise<Deployment> {
    const project = nameIn(copy, system);
    rename(path.join(copy.folder, system.folder), system.project, project);
    const deployment = new Deployment(system, stack, project, copy.folder, { ...copy.env, ...env });
    await deployment.takeFreePorts();
    if (deployment.certificateFolder !== undefined) await deployment.certify();
    return deployment;
  }

  get name(): string {
    return `${this.system.project} ${this.stack}`;
  }

  /** Where the program and its stack files lie. */
  get folder(): string {
    return path.join(this.root, this.system.folder);
  }

  /** The same stack, worked on from a clone of the copy. */
  from(clone: string): Deployment {
    return new Deployment(this.system, this.stack, this.project, clone, this.env);
  }

  dev(args: readonly string[], env: Record<string, string> = {}): Promise<Outcome> {
    return run(path.join(this.root, "dev"), args, { cwd: this.folder, env: { ...this.env, ...env } });
  }

  async devOk(...args: string[]): Promise<string> {
    return succeed(path.join(this.root, "dev"), args, { cwd: this.folder, env: this.env });
  }

  /**
   * Sets values in the copy's stack file, by paths such as `edge.httpPort`, or `edge.trustedProxies.0` for a list of one;
   * undefined takes one away. Gives what takes all of it back.
   */
  set(values: Readonly<Record<string, unknown>>): () => void {
    const before = fs.readFileSync(this.stackFile, "utf8");
    const document = parseDocument(before);
    for (const [at, value] of Object.entries(values)) {
      const [key = "", ...rest] = at.split(".");
      const keys = ["config", `${this.project}:${key}`, ...rest];
      if (value === undefined) document.deleteIn(keys);
      else if (keys.at(-1) === "0") document.setIn(keys.slice(0, -1), [value]);
      else document.setIn(keys, value);
    }
    fs.writeFileSync(this.stackFile, document.toString({ lineWidth: 0 }));
    return () => {
      fs.writeFileSync(this.stackFile, before);
    };
  }

  /** A value of the copy's stack file. */
  get(at: string): unknown {
    const [key = "", ...rest] = at.split(".");
    const { config } = parse(fs.readFileSync(this.stackFile, "utf8")) as { config: Record<string, unknown> };
    return rest.reduce<unknown>(
      (value, name) => (value as Record<string, unknown> | undefined)?.[name],
      config[`${this.project}:${key}`],
    );
  }

  /** Makes the certificate and the key that its settings name, for its public URL. */
  async certify(): Promise<void> {
    const { publicUrl } = this.get("edge") as { publicUrl: string };
    await selfSigned(path.join(this.folder, this.certificateFolder ?? ""), { hosts: [new URL(publicUrl).hostname] });
  }

  /** Where its certificate and its key lie, from the project; nothing where it has none. */
  get certificateFolder(): string | undefined {
    const file = this.get("edge.tls.certificateFile");
    return typeof file === "string" ? path.dirname(file) : undefined;
  }

  /** The certificate it serves. */
  get certificate(): string | undefined {
    const folder = this.certificateFolder;
    return folder && fs.readFileSync(path.join(this.folder, folder, "certificate.pem"), "utf8");
  }

  /** Gives it ports of the host that nobody has. */
  private async takeFreePorts(): Promise<void> {
    const hostPorts = Object.keys((this.get("hostPorts") as object | undefined) ?? {}).map(
      (name) => `hostPorts.${name}`,
    );
    const https = this.get("edge.httpsPort") === undefined ? [] : ["edge.httpsPort"];
    for (const at of ["edge.httpPort", ...https, ...hostPorts]) this.set({ [at]: await freePort() });
    // No proxy that terminates TLS stands in front of it here.
    if (https.length === 0) this.set({ "edge.publicUrl": this.origin });
    else this.set({ "edge.allowedHosts": [new URL(this.origin).host] });
  }

  /** Where its nginx answers on this machine. */
  get origin(): string {
    const { httpPort, httpsPort } = this.get("edge") as { httpPort: number; httpsPort?: number };
    return httpsPort === undefined ? `http://127.0.0.1:${httpPort}` : `https://127.0.0.1:${httpsPort}`;
  }

  private get stackFile(): string {
    return path.join(this.folder, `Pulumi.${this.stack}.yaml`);
  }

  /** Makes the stack with all that people hand in. */
  async create(): Promise<void> {
    await this.devOk("pulumi", "stack", "init", this.stack);
    const secrets = Object.entries(this.system.givenSecrets);
    const flags = secrets.flatMap(([name, value]) => ["--secret", `secrets.${name}=${value}`]);
    await this.devOk("pulumi", "config", "set-all", "--path", ...flags, "--stack", this.stack);
  }

  up(): Promise<string> {
    return this.devOk("up", this.stack);
  }

  async expectNoChanges(): Promise<void> {
    const preview = await this.dev(["pulumi", "preview", "--expect-no-changes", "--diff", "--stack", this.stack]);
    expect(`${this.name}: ${preview.code}\n${preview.output}`).toMatch(/^.*: 0\n/);
  }

  /** Its containers, optionally of one role. */
  async containers(role?: string): Promise<Inspected[]> {
    const all = (await containers(this.project, role)) as unknown as Inspected[];
    return all.filter((container) => label(container, "stack") === this.stack);
  }

  down(): Promise<Outcome> {
    return this.dev(["down", this.stack, "--volumes", "--yes"]);
  }
}

/** The copy's own name is that of the system at its top. */
function nameIn(copy: ProjectCopy, { folder }: System): string {
  return folder === "." ? copy.name : copy.name.replace(/^lb-/, "tt-");
}

/** Gives a system's project another name, in all its files; the copy has done it at its top. */
function rename(folder: string, before: string, after: string): void {
  for (const file of fs.readdirSync(folder).filter((name) => /^Pulumi(\.\w+)?\.yaml$/.test(name))) {
    const text = fs.readFileSync(path.join(folder, file), "utf8");
    const renamed = text.replace(`name: ${before}`, `name: ${after}`).replaceAll(`${before}:`, `${after}:`);
    fs.writeFileSync(path.join(folder, file), renamed);
  }
}

import * as fs from "node:fs";
import * as path from "node:path";

import { docker } from "./docker";
import { ProjectCopy } from "./project";

interface StateResource {
  readonly urn: string;
  readonly type: string;
  /** Whether it is replaced already and only waits to be deleted. @default false */
  readonly delete?: boolean;
  /** Of a container or a network its full id, of a volume its name. */
  readonly id?: string;
  readonly inputs?: Record<string, unknown>;
  readonly outputs?: Record<string, unknown>;
}

/** What tells its state: a copy of the repository, or one of its stacks. */
interface Stacked {
  devOk(...args: string[]): Promise<string>;
  /** @default "dev" */
  readonly stack?: string;
}

/** A file that a service finds under /run/secrets. */
export interface SecretFile {
  readonly service: string;
  /** Variable that announces it, without `_FILE`. */
  readonly variable: string;
  readonly content: string;
}

/** Marker under which the engine keeps a secret; with `--show-secrets` the plain text stands beside it. */
const SECRET_MARKER = "4dabf18193072939515e22adb298388d";

/** Every resource of a stack, its secrets in clear. */
export async function resources(stacked: Stacked): Promise<StateResource[]> {
  const stack = stacked.stack ?? "dev";
  const exported = await stacked.devOk("pulumi", "stack", "export", "--show-secrets", "--stack", stack);
  return (JSON.parse(exported) as { deployment: { resources: StateResource[] } }).deployment.resources;
}

/** Every generated secret of a stack, in clear: as it was generated, and the part of it that a service uses. */
export async function generatedSecrets(stacked: Stacked): Promise<string[]> {
  const all = await resources(stacked);
  const random = all.filter(({ type }) => type.startsWith("random:"));
  const values = [
    ...random.flatMap(({ outputs = {} }) => Object.values(outputs).map(plainText)),
    ...secretFilesIn(all).flatMap(secretsOf),
  ];
  return [...new Set(values.filter((value) => value !== undefined && value.length >= 16))] as string[];
}

/** What of a secret file nobody else may know: the user in it is no secret. */
function secretsOf({ variable, content }: SecretFile): (string | undefined)[] {
  if (variable.endsWith("_URL")) return [new URL(content).password];
  if (!content.startsWith("{")) return [content];
  const { password, keys = [] } = JSON.parse(content) as { password?: string; keys?: { key: string }[] };
  return [password, ...keys.map(({ key }) => key)];
}

/** Every secret file of a stack. */
export async function secretFiles(stacked: Stacked): Promise<SecretFile[]> {
  return secretFilesIn(await resources(stacked));
}

export function secretFilesIn(all: readonly StateResource[]): SecretFile[] {
  return all.flatMap(({ inputs = {} }) => {
    const uploads = plain(inputs.uploads) as { file: string; content: string }[] | undefined;
    const labels = inputs.labels as { label: string; value: string }[] | undefined;
    const service = labels?.find(({ label }) => label === "dockwright.service")?.value ?? "";
    return (uploads ?? []).map(({ file, content }) => ({ service, variable: path.basename(file), content }));
  });
}

/** A random text of the state. */
interface RandomText {
  readonly result: string;
  /** Of the credential it belongs to; empty where it has none. */
  readonly generation: string;
}

/** Random texts in use, by the name of their resource. */
export async function passwords(stacked: Stacked): Promise<Map<string, RandomText>> {
  const used = (await resources(stacked)).filter(({ type, delete: goes }) => type.startsWith("random:") && !goes);
  return new Map(
    used.map(({ urn, outputs = {} }) => {
      const { generation = "" } = (outputs.keepers ?? {}) as { generation?: string };
      return [nameOf(urn), { result: plainText(outputs.result) ?? "", generation }];
    }),
  );
}

/** Containers (full ids) and volumes of a stack that its state knows, sorted. */
export async function knownToDocker(stacked: Stacked): Promise<string[]> {
  const known = (await resources(stacked)).filter(({ type }) => /^docker:\S+:(Container|Volume)$/.test(type));
  return known.map(({ id = "" }) => id).sort();
}

/** Containers (full ids) and volumes with the labels of a stack, sorted. */
export async function inDocker(project: string, stack: string): Promise<string[]> {
  const labels = [`--filter=label=dockwright.project=${project}`, `--filter=label=dockwright.stack=${stack}`];
  const listed = await Promise.all([
    docker("ps", "-aq", "--no-trunc", ...labels),
    docker("volume", "ls", "-q", ...labels),
  ]);
  return listed.flatMap((lines) => lines.split("\n").filter(Boolean)).sort();
}

/** A value as it may stand in a text that should not hold it. */
export function spellings(secret: string): string[] {
  const base64 = [0, 1, 2].map((shift) => {
    const encoded = Buffer.from("x".repeat(shift) + secret).toString("base64");
    // Characters that depend on what stands around the secret are cut off.
    return encoded.slice(shift === 0 ? 0 : 4, -4);
  });
  return [...new Set([secret, encodeURIComponent(secret), Buffer.from(secret).toString("hex"), ...base64])];
}

/** All files of the state, as text. */
export function stateText({ statePath }: Pick<ProjectCopy, "statePath">): string {
  const files = fs.readdirSync(statePath, { recursive: true, withFileTypes: true });
  return files
    .filter((entry) => entry.isFile())
    .map((entry) => fs.readFileSync(path.join(entry.parentPath, entry.name), "utf8"))
    .join("\n");
}

function nameOf(urn: string): string {
  return urn.slice(urn.lastIndexOf("::") + 2);
}

function plainText(value: unknown): string | undefined {
  const text = plain(value);
  return typeof text === "string" ? text : undefined;
}

/** A secret in clear; nothing for what is none. */
function plain(value: unknown): unknown {
  const secret = value as Record<string, string> | null | undefined;
  if (typeof secret !== "object" || secret?.[SECRET_MARKER] === undefined) return undefined;
  return JSON.parse(secret.plaintext ?? "null");
}

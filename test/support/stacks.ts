import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

import { transformSync } from "@swc/core";
import { parse } from "yaml";

import * as components from "../../components";
import { Graph, graph } from "./harness";
import { LUNCH_BOT, ROOT, StackName, System } from "./systems";

export * from "./systems";

/** What people hand in to Lunch Bot. */
export const GIVEN_SECRETS = LUNCH_BOT.givenSecrets;

/** What `./dev images` writes on a developer's machine. */
export function localImages({ images }: System = LUNCH_BOT): Record<string, string> {
  const ids = images.map((name, index) => [name, `sha256:${String(index + 1).repeat(64)}`] as const);
  return { ...Object.fromEntries(ids), nginxVersion: "1.30.6" };
}

/** How the folders begin in which programs are run. */
export const TEST_FOLDERS = path.join(os.tmpdir(), "dockwright-test-");

interface StackFile {
  readonly config: Readonly<Record<string, unknown>>;
}

/** The values of a committed stack file, without the project's prefix. */
export function stackValues(stack: StackName, { folder, project }: System = LUNCH_BOT): Record<string, unknown> {
  const file = path.join(ROOT, folder, `Pulumi.${stack}.yaml`);
  const { config } = parse(fs.readFileSync(file, "utf8")) as StackFile;
  return Object.fromEntries(Object.entries(config).map(([key, value]) => [key.replace(`${project}:`, ""), value]));
}

/** Values as the engine hands them to the program: full keys, everything but strings as JSON. */
export function asConfig(
  values: Readonly<Record<string, unknown>>,
  { project }: System = LUNCH_BOT,
): Record<string, string> {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(
    entries.map(([key, value]) => [`${project}:${key}`, typeof value === "string" ? value : JSON.stringify(value)]),
  );
}

/** A stack's committed values with the secrets that only people know. */
export function completeValues(stack: StackName, system: System = LUNCH_BOT): Record<string, unknown> {
  const values = stackValues(stack, system);
  const { allowPlaceholders } = (values.given ?? {}) as { allowPlaceholders?: boolean };
  return { ...values, ...(!allowPlaceholders && { secrets: system.givenSecrets }) };
}

/** The outputs that both programs have. */
export interface Outputs {
  readonly url: string;
  readonly services: Record<string, components.ServiceSummary>;
  readonly release: Record<string, string>;
  readonly generations: Record<string, number>;
}

/** What came of a program. */
export interface StackRun {
  readonly graph: Graph;
  readonly outputs: Outputs;
  /** The segments that the program declares. */
  readonly segments: Readonly<Record<string, components.Segment>>;
}

/** Runs a real program against mocks, with the values of one environment, changed where the test asks. */
export async function stackGraph(
  stack: StackName,
  changes: Readonly<Record<string, unknown>> = {},
  system: System = LUNCH_BOT,
): Promise<StackRun> {
  const config = asConfig({ ...completeValues(stack, system), ...changes }, system);
  const source = fs.readFileSync(path.join(ROOT, system.folder, "index.ts"), "utf8");
  const { library, segments } = observed();
  // A further module is an error here, and a surprise there.
  const modules = { [system.library]: library, "./settings": await system.settings() };
  let outputs: Outputs | undefined;
  const body = () =>
    graph({ project: system.project, stack, config }, () => {
      outputs = runProgram(source, modules) as Outputs;
    });
  const result = await inFolderWithImages(localImages(system), body, system.folder);
  return { graph: result, outputs: outputs as Outputs, segments };
}

/** The library, with an eye on the segments that a program declares: no resource carries who may join one. */
function observed() {
  const segments: Record<string, components.Segment> = {};
  class ObservedEngine extends components.DockerEngine {
    constructor(name: string, args: components.DockerEngineArgs) {
      super(name, args);
      Object.assign(segments, args.segments);
    }
  }
  return { segments, library: { ...components, DockerEngine: ObservedEngine } };
}

/**
 * The program runs when it is loaded, so it is evaluated anew each time, and it alone: Jest's own isolation would load
 * the SDK and the providers again with it.
 */
export function runProgram(source: string, modules: Readonly<Record<string, unknown>>): unknown {
  const { code } = transformSync(source, { jsc: { parser: { syntax: "typescript" } }, module: { type: "commonjs" } });
  const exported = {};
  const load = (name: string) => {
    if (name in modules) return modules[name];
    throw new Error(`the program imports ${name}`);
  };
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- the program's own text, as Node would run it
  new Function("exports", "require", code)(exported, load);
  return exported;
}

/**
 * Runs something in a clone of its own that holds the given `.dockwright/images.json`, a certificate, and nothing else.
 * @param inside the folder of the clone to be in
 */
export async function inFolderWithImages<T>(
  images: object | undefined,
  body: () => Promise<T>,
  inside = ".",
): Promise<T> {
  const before = process.cwd();
  const clone = fs.mkdtempSync(TEST_FOLDERS);
  const folder = path.join(clone, inside);
  fs.mkdirSync(folder, { recursive: true });
  if (images) {
    fs.mkdirSync(path.join(folder, ".dockwright"));
    fs.writeFileSync(path.join(folder, ".dockwright", "images.json"), JSON.stringify(images));
  }
  fs.cpSync(path.join(__dirname, "tls"), path.join(folder, "tls"), { recursive: true });
  process.chdir(folder);
  try {
    return await body();
  } finally {
    process.chdir(before);
    fs.rmSync(clone, { recursive: true });
  }
}

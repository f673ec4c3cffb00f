import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

import { transformSync } from "@swc/core";
import { parse } from "yaml";

import * as components from "../../components";
import * as settings from "../../settings";
import { Graph, graph } from "./harness";

/** Top folder of the repository. */
export const ROOT = path.join(__dirname, "..", "..");

/** The three environments of the program at the top of the repository. */
export const STACKS = ["dev", "staging", "prod"] as const;
export type StackName = (typeof STACKS)[number];

/** What people hand in; dev makes placeholders instead. */
export const GIVEN_SECRETS = { telegramBotToken: "123:telegram-token", geminiApiKeys: "gemini-1,gemini-2" };

/** What `./dev images` writes on a developer's machine. */
export const LOCAL_IMAGES = {
  ...Object.fromEntries(
    ["postgres", "redis", "kafka", "nginx", "app", "files"].map((name, index) => [
      name,
      `sha256:${String(index + 1).repeat(64)}`,
    ]),
  ),
  nginxVersion: "1.30.6",
};

/** How the folders begin in which programs are run. */
export const TEST_FOLDERS = path.join(os.tmpdir(), "dockwright-test-");

interface ProjectFile {
  readonly name: string;
}
interface StackFile {
  readonly config: Readonly<Record<string, unknown>>;
}

const readYaml = (file: string) => parse(fs.readFileSync(path.join(ROOT, file), "utf8")) as unknown;

export const PROJECT = (readYaml("Pulumi.yaml") as ProjectFile).name;

/** The values of a committed stack file, without the project's prefix. */
export function stackValues(stack: StackName): Record<string, unknown> {
  const { config } = readYaml(`Pulumi.${stack}.yaml`) as StackFile;
  const values = Object.entries(config).map(([key, value]) => [key.replace(`${PROJECT}:`, ""), value]);
  return Object.fromEntries(values) as Record<string, unknown>;
}

/** Values as the engine hands them to the program: full keys, everything but strings as JSON. */
export function asConfig(values: Readonly<Record<string, unknown>>): Record<string, string> {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(
    entries.map(([key, value]) => [`${PROJECT}:${key}`, typeof value === "string" ? value : JSON.stringify(value)]),
  );
}

/** A stack's committed values with the secrets that only people know. */
export function completeValues(stack: StackName): Record<string, unknown> {
  return { ...stackValues(stack), ...(stack !== "dev" && { secrets: GIVEN_SECRETS }) };
}

/** The outputs of the program at the top of the repository. */
export interface Outputs {
  readonly url: string;
  readonly services: Record<string, { image: string; replicas: number }>;
  readonly release: Record<string, string>;
  readonly generations: Record<string, number>;
}

/** Runs the real program against mocks, with the values of one environment, changed where the test asks. */
export async function stackGraph(
  stack: StackName,
  changes: Readonly<Record<string, unknown>> = {},
): Promise<{ graph: Graph; outputs: Outputs }> {
  const config = asConfig({ ...completeValues(stack), ...changes });
  let outputs: Outputs | undefined;
  const result = await inFolderWithImages(LOCAL_IMAGES, () =>
    graph({ project: PROJECT, stack, config }, () => {
      outputs = runProgram(fs.readFileSync(path.join(ROOT, "index.ts"), "utf8"), MODULES) as Outputs;
    }),
  );
  return { graph: result, outputs: outputs as Outputs };
}

/** The modules the program may import; a further one is an error here, and a surprise there. */
const MODULES: Readonly<Record<string, unknown>> = { "./components": components, "./settings": settings };

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

/** Runs something in a folder of its own that holds the given `.dockwright/images.json`, and nothing else. */
export async function inFolderWithImages<T>(images: object | undefined, body: () => Promise<T>): Promise<T> {
  const before = process.cwd();
  const folder = fs.mkdtempSync(TEST_FOLDERS);
  if (images) {
    fs.mkdirSync(path.join(folder, ".dockwright"));
    fs.writeFileSync(path.join(folder, ".dockwright", "images.json"), JSON.stringify(images));
  }
  process.chdir(folder);
  try {
    return await body();
  } finally {
    process.chdir(before);
    fs.rmSync(folder, { recursive: true });
  }
}

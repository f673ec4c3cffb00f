import { createHash } from "node:crypto";

import * as pulumi from "@pulumi/pulumi";

/** One registered resource as the engine would get it. */
export interface Node {
  readonly type: string;
  readonly name: string;
  /** Type and name of the parent, as far as its URN tells. */
  readonly parent: string | undefined;
  /** Inputs; whatever is marked secret reads `[secret]`. */
  readonly inputs: Inputs;
  /** Inputs with the (made-up) values of secrets. */
  readonly revealed: Inputs;
  readonly options: Options;
}

// Inputs are what the provider's schema says; each test knows the shape of those it looks at.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Inputs = Record<string, any>;

/** Resource options as the engine would get them; absent means not set. */
export interface Options {
  readonly deleteBeforeReplace?: boolean;
  readonly protect?: boolean;
  readonly retainOnDelete?: boolean;
  readonly ignoreChanges?: readonly string[];
  readonly replaceOnChanges?: readonly string[];
  /** Names of everything this one waits for, by option or by input. */
  readonly dependsOn?: readonly string[];
  readonly provider?: string;
}

/** What a program registered, sorted by type and name. */
export class Graph {
  constructor(
    readonly nodes: readonly Node[],
    /** Message of what the program threw. */
    readonly failure?: string,
  ) {}

  /** The one resource of that name whose type ends as given. */
  get(kind: string, name: string): Node {
    const found = this.nodes.filter((node) => node.type.endsWith(kind) && node.name === name);
    if (found.length !== 1 || !found[0]) {
      throw new Error(`${kind} ${name}: ${found.length} found among\n${this.keys().join("\n")}`);
    }
    return found[0];
  }

  ofType(kind: string): Node[] {
    return this.nodes.filter((node) => node.type.endsWith(kind));
  }

  container(name: string): Inputs {
    return this.get(":Container", name).inputs;
  }

  /** `Type name` of every resource. */
  keys(): string[] {
    return this.nodes.map(key);
  }

  /** `Type name` of what stands under one component, at any depth. */
  childrenOf(component: string): string[] {
    const inside = new Set([component]);
    // Parents are registered before their children, but sorted otherwise here: repeat until nothing is added.
    for (let size = 0; size !== inside.size;) {
      size = inside.size;
      for (const node of this.nodes) if (node.parent && inside.has(node.parent)) inside.add(key(node));
    }
    return this.keys().filter((name) => name !== component && inside.has(name));
  }
}

/** `Container backend-container`: short, and unique within a program. */
export function key({ type, name }: Pick<Node, "type" | "name">): string {
  return `${type.split(":").pop() ?? type} ${name}`;
}

export interface Setting {
  /** @default "lunch-bot" */
  readonly project?: string;
  /** @default "dev" */
  readonly stack?: string;
  /** Configuration as the engine hands it over: full keys, objects as JSON. @default none */
  readonly config?: Record<string, string>;
  /** What resources answer beside what mocks make of their inputs, by name. @default nothing */
  readonly outputs?: Record<string, Inputs>;
}

/** Runs a program against mocks until nothing is left to register. What it throws is thrown. */
export async function graph(setting: Setting, program: () => unknown): Promise<Graph> {
  const { nodes, error } = await run(setting, program);
  if (error !== undefined) throw error instanceof Error ? error : new Error(JSON.stringify(error));
  return new Graph(nodes);
}

/** Runs a program that must throw; what it had registered by then stays visible. */
export async function failing(setting: Setting, program: () => unknown): Promise<Graph & { failure: string }> {
  const { nodes, error } = await run(setting, program);
  if (!(error instanceof Error)) throw new Error("the program did not throw");
  return new Graph(nodes, error.message) as Graph & { failure: string };
}

async function run(setting: Setting, program: () => unknown) {
  const { project = "lunch-bot", stack = "dev", config = {}, outputs = {} } = setting;
  const nodes: Node[] = [];
  const keys = new Map<string, string>();
  const answering = (args: pulumi.runtime.MockResourceArgs) => {
    const { id, state } = newResource(args);
    return { id, state: { ...state, ...outputs[args.name] } };
  };
  const mocks: pulumi.runtime.Mocks = { call: ({ inputs }) => inputs as Inputs, newResource: answering };
  await pulumi.runtime.setMocks(mocks, project, stack, false);
  record(nodes, keys);
  pulumi.runtime.setAllConfig(config);
  const error = await withoutStackTraces(async () => {
    try {
      await program();
    } catch (thrown) {
      return thrown;
    } finally {
      await drained(nodes);
    }
  });
  return { nodes: nodes.sort((a, b) => (key(a) < key(b) ? -1 : 1)), error };
}

/** The SDK takes a stack trace for every promise, and Jest maps each to its sources: most of a test's time. */
async function withoutStackTraces<T>(body: () => Promise<T>): Promise<T> {
  const before = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  try {
    return await body();
  } finally {
    Error.stackTraceLimit = before;
  }
}

/**
 * Waits until nothing is registered any more. `waitForRPCs`, internal to the SDK, ends before the `apply` of a resource
 * it waited for has run, so what that creates is only seen a turn later.
 */
async function drained(nodes: readonly Node[]): Promise<void> {
  const { waitForRPCs } = pulumi.runtime as unknown as { waitForRPCs: () => Promise<void> };
  for (let seen = -1; seen !== nodes.length;) {
    seen = nodes.length;
    await waitForRPCs();
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** What the mocks give as the id of every stack. */
export const STACK_ID = "0011223344556677";

/** Outputs as the providers give them; secrets marked as their schemas do. */
function newResource({ name, type, inputs }: pulumi.runtime.MockResourceArgs) {
  const state: Inputs = { name: `${name}-auto`, ...(inputs as Inputs) };
  if (name.endsWith("-stack-id")) return { id: name, state: { ...state, stdout: STACK_ID } };
  if (type.endsWith(":RandomPassword")) {
    // A login keeps the generation, and begins its text with what is public of it.
    const result = `${state.keepers ? hexOf(name, state.keepers) : ""}pw-${name}`;
    return { id: name, state: { ...state, result: pulumi.secret(result) } };
  }
  if (type.endsWith(":RandomId")) return { id: name, state: { ...state, hex: hexOf(name, state.keepers) } };
  return { id: `${name}-id`, state };
}

/** What the mocks give a RandomId: like the real one, another for other keepers. */
export function hexOf(name: string, keepers: unknown): string {
  const text = JSON.stringify([name, plain(keepers, (value) => value)]);
  return createHash("sha256").update(text).digest("hex").slice(0, 8);
}

interface Request extends pulumi.runtime.MockResourceArgs {
  getType(): string;
  getName(): string;
  getParent(): string;
  getProvider(): string;
  getProtect(): boolean;
  getRetainondelete(): boolean;
  getDeletebeforereplace(): boolean;
  getDeletebeforereplacedefined(): boolean;
  getIgnorechangesList(): string[];
  getReplaceonchangesList(): string[];
  getDependenciesList(): string[];
  getObject(): { toJavaScript(): Inputs };
}
type Callback = (error: unknown, response: { getUrn(): string }) => void;

/** Listens to the mock monitor: its requests carry the options and the marks of secrets, which mocks do not get. */
function record(nodes: Node[], keys: Map<string, string>): void {
  const monitor = pulumi.runtime.getMonitor() as unknown as {
    registerResource: (request: Request, callback: Callback) => Promise<void>;
  };
  const original = monitor.registerResource.bind(monitor);
  monitor.registerResource = (request, callback) => {
    const node = describe(request, keys);
    if (nodes.some((other) => key(other) === key(node))) throw new Error(`registered twice: ${key(node)}`);
    nodes.push(node);
    return original(request, (error, response) => {
      if (!error) keys.set(response.getUrn(), key(node));
      callback(error, response);
    });
  };
}

function describe(request: Request, keys: ReadonlyMap<string, string>): Node {
  const inputs = request.getObject().toJavaScript();
  const nameOf = (urn: string) => keys.get(urn) ?? urn;
  const list = (values: string[]) => (values.length > 0 ? values : undefined);
  const options: Options = {
    deleteBeforeReplace: request.getDeletebeforereplacedefined() ? request.getDeletebeforereplace() : undefined,
    protect: request.getProtect() || undefined,
    retainOnDelete: request.getRetainondelete() || undefined,
    ignoreChanges: list(request.getIgnorechangesList()),
    replaceOnChanges: list(request.getReplaceonchangesList()),
    dependsOn: list(request.getDependenciesList().map(nameOf).sort()),
    provider: request.getProvider() ? nameOf(request.getProvider().split("::").slice(0, -1).join("::")) : undefined,
  };
  return {
    type: request.getType(),
    name: request.getName(),
    parent: request.getParent() ? nameOf(request.getParent()) : undefined,
    inputs: plain(inputs, () => "[secret]") as Inputs,
    revealed: plain(inputs, (value) => value) as Inputs,
    options: Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)),
  };
}

/** Pulumi's marks on the wire for values that are not plain. */
const MARK = "4dabf18193072939515e22adb298388d";
const SECRET_MARK = "1b47061264138c4ac30d75fd1eb44270";

/** Values without marks, keys sorted, secrets as `onSecret` says. */
function plain(value: unknown, onSecret: (value: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => plain(item, onSecret));
  if (value === null || typeof value !== "object") return value;
  const object = value as Inputs;
  if (object[MARK] === SECRET_MARK) return onSecret(plain(object.value, onSecret));
  const names = Object.keys(object).sort();
  return Object.fromEntries(names.map((name) => [name, plain(object[name], onSecret)]));
}

// The resources of a program that is run against mocks: no engine, no daemon, nothing is made.
import { createRequire } from "node:module";
import { join } from "node:path";
import { preferLibrarySource } from "../library-source.mts";
import type { Resource } from "../topology/resources.mts";

interface Request {
  getType(): string;
  getName(): string;
  getParent(): string;
  getDependenciesList(): string[];
  getPropertydependenciesMap(): { forEach(visit: (value: { getUrnsList(): string[] }, key: string) => void): void };
  getObject(): { toJavaScript(): Record<string, unknown> };
}
type Done = (error: unknown, response: { getUrn(): string }) => void;
interface Monitor {
  registerResource(request: Request, done: Done): Promise<void>;
}
interface Pulumi {
  runtime: {
    setMocks(mocks: object, project: string, stack: string, preview: boolean): Promise<void>;
    setAllConfig(config: Record<string, string>): void;
    getMonitor(): Monitor;
    waitForRPCs(): Promise<void>;
  };
}

export interface MockedRun {
  readonly root: string;
  readonly project: string;
  readonly stack: string;
  /** Values of the stack by key, without the project's name. */
  readonly values: Readonly<Record<string, unknown>>;
}

let registered = false;

/** Loads the TypeScript of the program at `root` as Pulumi does. */
export function loader(root: string): NodeJS.Require {
  const require = createRequire(join(root, "index.ts"));
  if (registered) return require; // a second one would compile what the first one has compiled
  registered = true;
  preferLibrarySource();
  const tsNode = require("ts-node") as { register(options: object): void };
  tsNode.register({ transpileOnly: true, cwd: root });
  return require;
}

/** Runs the program at `root` and returns what it registers. */
export async function mockedRun({ root, project, stack, values }: MockedRun): Promise<Resource[]> {
  const load = loader(root);
  const { runtime } = load("@pulumi/pulumi") as Pulumi;
  await runtime.setMocks({ call: ({ inputs }: { inputs: object }) => inputs, newResource }, project, stack, false);
  const resources = record(runtime.getMonitor());
  runtime.setAllConfig(
    Object.fromEntries(
      Object.entries(values).map(([key, value]) => [
        `${project}:${key}`,
        typeof value === "string" ? value : JSON.stringify(value),
      ]),
    ),
  );
  const program = load.resolve(join(root, "index.ts"));
  Reflect.deleteProperty(load.cache, program); // it runs when it is loaded, and may have run before
  load(program);
  // The SDK's own wait ends before what an `apply` registers.
  for (let seen = -1; seen !== resources.length;) {
    seen = resources.length;
    await runtime.waitForRPCs();
    await new Promise((resolve) => setImmediate(resolve));
  }
  return resources;
}

function newResource({ name, type, inputs }: { name: string; type: string; inputs: Record<string, unknown> }) {
  return { id: `${name}-id`, state: { name: `${name}-auto`, hex: "00000000", result: type, ...inputs } };
}

/** Listens to the requests of the program, which say more than mocks are told. */
function record(monitor: Monitor): Resource[] {
  const resources: Resource[] = [];
  const original = monitor.registerResource.bind(monitor);
  monitor.registerResource = (request, done) =>
    original(request, (error, response) => {
      if (!error) resources.push(describe(request, response.getUrn()));
      done(error, response);
    });
  return resources;
}

function describe(request: Request, urn: string): Resource {
  const propertyDependencies: Record<string, string[]> = {};
  request.getPropertydependenciesMap().forEach((value, key) => {
    propertyDependencies[key] = value.getUrnsList();
  });
  return {
    urn,
    type: request.getType(),
    parent: request.getParent(),
    inputs: request.getObject().toJavaScript(),
    dependencies: request.getDependenciesList(),
    propertyDependencies,
  };
}

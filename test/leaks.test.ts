// What must not stand in any resource of any environment: secrets in plain, and traces of the machine.
import * as os from "node:os";

import { foreignProgram } from "./support/foreign";
import { Graph, Inputs } from "./support/harness";
import { ROOT, stackGraph, STACKS, SYSTEMS, TEST_FOLDERS } from "./support/stacks";

const ENVIRONMENTS = SYSTEMS.flatMap((system) =>
  STACKS.map((stack) => ({ name: `${system.project} ${stack}`, system, stack })),
);
const PROGRAMS = [...ENVIRONMENTS.map(({ name }) => name), "foreign"];

const graphs: Record<string, Graph> = {};
beforeAll(async () => {
  for (const { name, system, stack } of ENVIRONMENTS) graphs[name] = (await stackGraph(stack, {}, system)).graph;
  graphs.foreign = (await foreignProgram()).graph;
});
const graphOf = (program: string) => graphs[program] as Graph;

test.each(PROGRAMS)("secrets stand only in files of helpers, on standard input and in keepers (%s)", (program) => {
  const { nodes } = graphOf(program);
  const places = nodes.flatMap(({ type, inputs }) => secretPaths(inputs, type.split(":").pop() ?? ""));
  expect([...new Set(places)].sort()).toEqual([
    "Command stdin",
    "Container uploads content",
    "RandomId keepers revision",
    "RandomId keepers value",
  ]);
});

test.each(PROGRAMS)("no secret is written anywhere in plain, also not in base64 (%s)", (program) => {
  const graph = graphOf(program);
  const secrets = new Set(graph.nodes.flatMap(({ inputs, revealed }) => secretValues(inputs, revealed)));
  const atoms = [...secrets].flatMap((secret) => [secret, ...(secret.match(/(pw|hex)-[a-z0-9-]+/g) ?? [])]);
  const given = SYSTEMS.flatMap(({ givenSecrets }) => Object.values(givenSecrets));
  const written = JSON.stringify(graph.nodes.map(({ inputs, name }) => ({ name, inputs })));
  expect(atoms.length).toBeGreaterThan(program === "foreign" ? 3 : 20);
  const forms = [...atoms, ...given].flatMap((text) => [text.trim(), Buffer.from(text.trim()).toString("base64")]);
  expect(forms.filter((text) => written.includes(text))).toEqual([]);
});

/** Where `[secret]` stands, without the indices of lists. */
function secretPaths(value: unknown, at: string): string[] {
  if (value === "[secret]") return [at];
  if (value === null || typeof value !== "object") return [];
  return Object.entries(value).flatMap(([name, item]) =>
    secretPaths(item, Array.isArray(value) ? at : `${at} ${name}`),
  );
}

/** What stands behind each `[secret]`. */
function secretValues(redacted: unknown, revealed: unknown): string[] {
  if (redacted === "[secret]") return [String(revealed)];
  if (redacted === null || typeof redacted !== "object") return [];
  const values = revealed as Inputs;
  return Object.entries(redacted).flatMap(([name, item]) => secretValues(item, values[name]));
}

test.each(SYSTEMS)("another user, home, host and folder yield the same graph ($project)", async (system) => {
  const before = { ...process.env };
  Object.assign(process.env, { HOME: "/home/other", USER: "other", LOGNAME: "other", HOSTNAME: "other", PATH: "/bin" });
  try {
    const { graph } = await stackGraph("prod", {}, system);
    expect(graph.nodes).toEqual(graphOf(`${system.project} prod`).nodes);
  } finally {
    process.env = before;
  }
});

test.each(ENVIRONMENTS)("no input holds a path, a host or a version of this machine ($name)", ({ name, stack }) => {
  const { nodes } = graphOf(name);
  expect(nodes.some(({ inputs }) => hasFolder(inputs))).toBe(stack === "dev");
  const written = JSON.stringify(nodes.map(({ inputs }) => withoutFolders(inputs)));
  const traces = [ROOT, os.homedir(), os.hostname(), process.execPath, process.version];
  expect(written).not.toContain(TEST_FOLDERS);
  // A clone at /tmp/cl is not mentioned by /tmp/client_body.
  const mentions = (trace: string) =>
    written
      .split(trace)
      .slice(1)
      .some((rest) => !/^[\w.-]/.test(rest));
  expect(traces.filter((trace) => trace.length > 5 && mentions(trace))).toEqual([]);
});

/** Mounted source is the one exception, and development's. */
function withoutFolders(inputs: Inputs): Inputs {
  if (!hasFolder(inputs)) return inputs;
  return { ...inputs, volumes: (inputs.volumes as Inputs[]).filter(({ hostPath }) => hostPath === undefined) };
}

function hasFolder({ volumes }: Inputs): boolean {
  return Array.isArray(volumes) && volumes.some(({ hostPath }: Inputs) => hostPath !== undefined);
}

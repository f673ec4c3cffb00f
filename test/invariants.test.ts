// Rules that hold for every resource of every environment (quality bar 3 of the design, and what goes with it).
import { ServiceSummary } from "../components";
import { foreignProgram } from "./support/foreign";
import { Graph, Inputs, key, Node } from "./support/harness";
import { stackGraph, STACKS } from "./support/stacks";

interface Case {
  readonly stack: string;
  readonly graph: Graph;
  readonly containers: readonly Container[];
}
interface Container extends Node {
  readonly role: string;
  readonly service: string;
  /** What the program's outputs say of it. */
  readonly exemptions: NonNullable<ServiceSummary["exemptions"]>;
}

const cases: Case[] = [];
beforeAll(async () => {
  for (const stack of STACKS) {
    // More than one replica, so that rules about several hold for several.
    const { graph, outputs } = await stackGraph(stack, { replicas: { backend: 2 } });
    cases.push(caseOf(stack, graph, outputs.services));
  }
  const { graph, services } = await foreignProgram();
  cases.push(caseOf("foreign", graph, services));
});

function caseOf(stack: string, graph: Graph, services: Record<string, ServiceSummary>): Case {
  const containers = graph.ofType(":Container").map((node) => {
    const service = label(node.inputs, "service");
    const exemptions = services[service]?.exemptions ?? {};
    return { ...node, role: label(node.inputs, "role"), service, exemptions };
  });
  return { stack, graph, containers };
}

function label(inputs: Inputs, name: string): string {
  const labels = inputs.labels as { label: string; value: string }[];
  return labels.find((item) => item.label === `dockwright.${name}`)?.value ?? "";
}

/** Names of those that break a rule, by stack: an empty list is what every rule wants. */
function breaking(roles: readonly string[], holds: (inputs: Inputs, container: Container) => unknown): string[] {
  const all = cases.flatMap(({ stack, containers }) => containers.map((container) => ({ stack, container })));
  const chosen = all.filter(({ container }) => roles.includes(container.role));
  expect(chosen.length).toBeGreaterThan(0);
  return chosen
    .filter(({ container }) => !holds(container.inputs, container))
    .map(({ stack, container }) => `${stack} ${container.name}`);
}

const EVERY = ["service", "job", "files"];
const RUNNING = ["service", "job"];

test("every container is a service, a job or a helper for files", () => {
  expect(cases.flatMap(({ containers }) => containers.filter(({ role }) => !EVERY.includes(role)))).toEqual([]);
  expect(cases.map(({ containers }) => containers.filter(({ role }) => role === "service").length)).toEqual([
    10, 10, 10, 6,
  ]);
});

describe.each<[string, readonly string[], (inputs: Inputs, container: Container) => unknown]>([
  ["memory is limited, and swap equal to memory", EVERY, (c) => c.memory >= 6 && c.memorySwap === c.memory],
  ["a reservation is at most the limit", EVERY, (c) => (c.memoryReservation ?? 0) <= c.memory],
  ["CPU is limited, as the provider reads it back", EVERY, (c) => /^(\d+\.0|\d+\.\d*[1-9])$/.test(c.cpus as string)],
  ["logs rotate, by explicit options", EVERY, (c) => c.logDriver === "json-file" && same(c.logOpts, LOG_OPTIONS)],
  ["no capability is left, by its full name", EVERY, (c) => same(c.capabilities, { adds: [], drops: ["ALL"] })],
  ["no new privileges", EVERY, (c) => same(c.securityOpts, ["no-new-privileges:true"]) && c.privileged === undefined],
  ["the image is a digest or a local id", EVERY, (c) => /(^|.@)sha256:[0-9a-f]{64}$/.test(c.image as string)],
  ["the provider waits for nothing: gates do", EVERY, (c) => !c.wait && !c.attach && !c.rm],
  [
    "labels are the four static ones",
    EVERY,
    (c) => (c.labels as unknown[]).length === 4 && !JSON.stringify(c.labels).includes("-auto"),
  ],
  ["nobody is root", RUNNING, (c) => /^[1-9]\d*:[1-9]\d*$/.test(c.user as string)],
  ["the root filesystem is read-only", RUNNING, (c) => c.readOnly === true],
  [
    "it is on networks of its stack, never on the default bridge",
    RUNNING,
    (c) => c.networksAdvanced.length > 0 && c.networkMode === undefined,
  ],
  [
    "memory filesystems name owner, mode and size",
    RUNNING,
    (c) => Object.values(c.tmpfs as object).every((options) => TMPFS.test(options as string)),
  ],
  [
    "secrets are mounted read-only",
    RUNNING,
    (c) => volumesAt(c, "/run/secrets").every(({ readOnly }) => readOnly === true),
  ],
  ["there is time to stop before the kill", RUNNING, (c) => c.destroyGraceSeconds >= 10],
  [
    "it is healthy by a check of its own, or says that it is exempt",
    ["service"],
    (c, { exemptions }) =>
      exemptions["docker-health-check"]
        ? c.healthcheck === undefined
        : c.healthcheck.tests[0] === "CMD-SHELL" && c.healthcheck.retries > 0,
  ],
  [
    "no shell reads secrets into its environment, or it says that it is exempt",
    ["service"],
    (c, { exemptions }) =>
      /cat .*\/run\/secrets/.test(JSON.stringify(c.entrypoints)) === "secrets-as-files" in exemptions,
  ],
  [
    "durations are as Go prints them",
    ["service"],
    ({ healthcheck: c }) => c === undefined || DURATIONS.every((name) => GO_DURATION.test(c[name] as string)),
  ],
  ["a check ends before the next begins", ["service"], ({ healthcheck: c }) => c === undefined || c.timeout === "5s"],
  [
    "it restarts, and stops as it asks to",
    ["service"],
    (c) => c.restart !== "no" && c.mustRun && c.stopTimeout === c.destroyGraceSeconds && c.stopSignal,
  ],
  [
    "only nginx is published",
    ["service"],
    (c, { service }) => (c.ports as unknown[]).length === (service === "nginx" ? 1 : 0),
  ],
  ["a job ends and stays ended", ["job"], (c) => c.mustRun === false && c.restart === "no" && c.ports === undefined],
  [
    "a helper never runs and reaches nothing",
    ["files"],
    (c) => c.start === false && c.mustRun === false && c.networkMode === "none" && c.restart === "no",
  ],
])("%s", (_rule, roles, holds) => {
  test(`(${roles.join(", ")})`, () => {
    expect(breaking(roles, holds)).toEqual([]);
  });
});

const LOG_OPTIONS = { "max-file": "3", "max-size": "10m" };
const TMPFS = /^uid=\d+,gid=\d+,mode=0\d{3},size=\d+m,(no)?exec,nosuid,nodev$/;
const DURATIONS = ["interval", "timeout", "startPeriod"];
const GO_DURATION = /^(\d+h[0-5]?\dm|[1-5]?\dm)?[1-5]?\ds$/;
const same = (got: unknown, want: unknown) => JSON.stringify(got) === JSON.stringify(want);

function volumesAt(inputs: Inputs, prefix: string): Inputs[] {
  return (inputs.volumes as Inputs[]).filter(({ containerPath }) => (containerPath as string).startsWith(prefix));
}

test("only the program of foreign images has exemptions, and has them all", () => {
  const exempt = cases.flatMap(({ stack, containers }) =>
    containers.flatMap(({ role, service, exemptions }) =>
      role === "service" ? Object.keys(exemptions).map((rule) => `${stack} ${service} ${rule}`) : [],
    ),
  );
  expect(exempt).toEqual([
    "foreign bare docker-health-check",
    "foreign mute docker-health-check",
    "foreign shy docker-health-check",
    "foreign told secrets-as-files",
  ]);
});

/** Checks each environment on its own. */
function inEveryStack(name: string, check: (given: Case) => void) {
  test.each(STACKS)(`${name} (%s)`, (stack) => {
    check(cases.find((given) => given.stack === stack) as Case);
  });
}

inEveryStack("containers that keep their name stop first, all others start first", ({ containers }) => {
  const stopFirst = containers.filter(({ options }) => options.deleteBeforeReplace === true);
  expect(stopFirst.map(({ service }) => service)).toEqual(["kafka", "nginx", "postgres", "redis", "telegram-bot"]);
  expect(containers.filter(({ inputs }) => inputs.name !== undefined)).toEqual(stopFirst);
  expect(containers.filter(({ options }) => options.deleteBeforeReplace === undefined)).toEqual([]);
});

inEveryStack("a published port is on a segment that is not internal", ({ graph, containers }) => {
  const open = graph.ofType(":Network").filter(({ inputs }) => inputs.internal === false);
  const openNames = open.map(({ name }) => `${name}-auto`);
  for (const { inputs } of containers.filter(({ inputs: { ports } }) => (ports as unknown[] | undefined)?.length)) {
    expect(openNames).toEqual(expect.arrayContaining([inputs.networksAdvanced.at(-1).name]));
  }
});

inEveryStack("no name on a segment belongs to two services", ({ containers }) => {
  const names = containers.flatMap(({ inputs, service }) =>
    ((inputs.networksAdvanced ?? []) as Inputs[]).flatMap(({ name, aliases = [] }) =>
      (aliases as string[]).map((alias) => `${name as string} ${alias} ${service}`),
    ),
  );
  const places = [...new Set(names)].map((name) => name.split(" ").slice(0, 2).join(" "));
  expect(new Set(places).size).toBe(places.length);
});

inEveryStack("data volumes are protected, and nothing else is", ({ graph }) => {
  const isProtected = graph.nodes.filter(({ options }) => options.protect);
  expect(isProtected.map(key)).toEqual(["Volume kafka-data", "Volume postgres-data", "Volume redis-data"]);
  for (const { options } of isProtected) expect(options.ignoreChanges).toEqual(["labels", "driverOpts"]);
});

inEveryStack("volumes have names of their own", ({ graph }) => {
  const names = graph.ofType(":Volume").map(({ inputs }) => inputs.name as string);
  expect(new Set(names).size).toBe(names.length);
  expect(names.filter((name) => !/^[a-z0-9][a-z0-9-]+$/.test(name))).toEqual([]);
});

inEveryStack("every object of Docker is made by the stack's own provider", ({ graph }) => {
  const made = graph.nodes.filter(({ type }) => type.startsWith("docker:"));
  expect(made.filter(({ options }) => options.provider !== "docker platform-provider")).toEqual([]);
});

inEveryStack("acts are silent and say what an update does; only what can be revoked is", ({ graph }) => {
  for (const { inputs, name } of graph.ofType(":Command")) {
    // Only the record of the daemon asks whether the answer is still the same.
    const addPreviousOutputInEnv = name === "platform-daemon";
    expect(inputs).toMatchObject({ logging: "none", update: inputs.create as string, addPreviousOutputInEnv });
  }
  const revoked = graph.ofType(":Command").filter(({ inputs }) => inputs.delete !== undefined);
  const others = revoked.map(({ name }) => name).filter((name) => !/-(login|revocation)$/.test(name));
  expect(others).toEqual(["nginx-backend", "nginx-frontend"]);
});

test("the types of resources are these", () => {
  const types = new Set(cases.flatMap(({ graph }) => graph.nodes.map(({ type }) => type)));
  expect([...types].sort()).toEqual([
    "command:local:Command",
    "docker:index/container:Container",
    "docker:index/network:Network",
    "docker:index/volume:Volume",
    "dockwright:app:Backend",
    "dockwright:app:Frontend",
    "dockwright:app:Migration",
    "dockwright:app:Worker",
    "dockwright:data:Postgres",
    "dockwright:data:Redis",
    "dockwright:edge:Nginx",
    "dockwright:messaging:Kafka",
    "dockwright:platform:DockerEngine",
    "dockwright:secrets:GivenSecret",
    "dockwright:secrets:JwtKeys",
    "dockwright:secrets:Login",
    "pulumi:providers:docker",
    "random:index/randomId:RandomId",
    "random:index/randomPassword:RandomPassword",
  ]);
});

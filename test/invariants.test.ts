// Rules that hold for every resource of every environment of both systems.
import { allCases, Case, Container, ENVIRONMENTS } from "./support/cases";
import { Inputs, key } from "./support/harness";

let cases: Case[];
beforeAll(async () => {
  cases = await allCases();
});

/** Names of those that break a rule, by environment: an empty list is what every rule wants. */
function breaking(roles: readonly string[], holds: (inputs: Inputs, container: Container) => unknown): string[] {
  const all = cases.flatMap(({ name, containers }) => containers.map((container) => ({ name, container })));
  const chosen = all.filter(({ container }) => roles.includes(container.role));
  expect(chosen.length).toBeGreaterThan(0);
  return chosen
    .filter(({ container }) => !holds(container.inputs, container))
    .map(({ name, container }) => `${name} ${container.name}`);
}

const EVERY = ["service", "job", "files"];
const RUNNING = ["service", "job"];

test("every container is a service, a job or a helper for files", () => {
  expect(cases.flatMap(({ containers }) => containers.filter(({ role }) => !EVERY.includes(role)))).toEqual([]);
  for (const { name, containers, expected } of cases) {
    const running = containers.filter(({ role }) => role === "service");
    expect([name, running.length]).toEqual([name, expected.running]);
  }
});

describe.each<[string, readonly string[], (inputs: Inputs, container: Container) => unknown]>([
  ["memory is limited, and swap equal to memory", EVERY, (c) => c.memory >= 6 && c.memorySwap === c.memory],
  ["a reservation is at most the limit", EVERY, (c) => (c.memoryReservation ?? 0) <= c.memory],
  ["CPU is limited, as the provider reads it back", EVERY, (c) => /^(\d+\.0|\d+\.\d*[1-9])$/.test(c.cpus as string)],
  ["logs rotate, by explicit options", EVERY, (c) => c.logDriver === "json-file" && same(c.logOpts, LOG_OPTIONS)],
  ["no capability is left, by its full name", EVERY, (c) => same(c.capabilities, { adds: [], drops: ["ALL"] })],
  ["no new privileges", EVERY, (c) => same(c.securityOpts, ["no-new-privileges:true"]) && c.privileged === undefined],
  ["there are no core dumps, and open files are bounded", RUNNING, (c) => same(ulimits(c), { core: 0, nofile: 16384 })],
  [
    "an application has an init process in front",
    RUNNING,
    (c, { parent }) => (c.init === true) === /^(Backend|Frontend|Worker|Migration|Job) /.test(parent ?? ""),
  ],
  [
    "folders of this machine are mounted read-only, and it says that it is exempt",
    ["service"],
    (c, { exemptions }) =>
      folders(c).every(({ readOnly }) => readOnly === true) &&
      folders(c).length > 0 === "no-host-folders" in exemptions,
  ],
  ["the image is a digest or a local id", EVERY, (c) => /(^|.@)sha256:[0-9a-f]{64}$/.test(c.image as string)],
  ["the provider waits for nothing: gates do", EVERY, (c) => !c.wait && !c.attach && !c.rm],
  [
    "labels are the five static ones, which may differ from those it was made with",
    EVERY,
    (c) => (c.labels as unknown[]).length === 5 && !JSON.stringify(c.labels).includes("-auto"),
  ],
  ["nobody is root", RUNNING, (c) => /^[1-9]\d*:[1-9]\d*$/.test(c.user as string)],
  ["the root filesystem is read-only", RUNNING, (c) => c.readOnly === true],
  [
    "it is on networks of its stack, never on the default bridge",
    RUNNING,
    (c) => c.networksAdvanced.length > 0 && c.networkMode === undefined,
  ],
  [
    "memory filesystems name owner, mode and size, and nothing runs from them, or it says that it is exempt",
    ["service"],
    (c, { exemptions }) =>
      Object.values(c.tmpfs as object).every((options) => TMPFS.test(options as string)) &&
      JSON.stringify(c.tmpfs).includes(",exec,") === "noexec-memory-filesystems" in exemptions,
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

function folders(inputs: Inputs): Inputs[] {
  return (inputs.volumes as Inputs[]).filter(({ hostPath }) => hostPath !== undefined);
}

/** Name → soft and hard limit, which are the same. */
function ulimits(inputs: Inputs): Record<string, number> {
  const list = inputs.ulimits as { name: string; soft: number; hard: number }[];
  return Object.fromEntries(list.map(({ name, soft, hard }) => [name, soft === hard ? hard : -1]));
}

test("nothing else is exempt from anything", () => {
  const exempt = cases.flatMap(({ name, containers }) =>
    containers.flatMap(({ role, service, exemptions }) =>
      role === "service" ? Object.keys(exemptions).map((rule) => `${name} ${service} ${rule}`) : [],
    ),
  );
  const lunchBot = ["backend", "frontend", "notifications-worker", "recommendations-worker", "telegram-bot"];
  const taskTracker = ["api", "dashboard", "worker"];
  expect([...new Set(exempt)].sort()).toEqual(
    [
      ...["bare", "mute", "shy"].map((service) => `foreign ${service} docker-health-check`),
      "foreign told secrets-as-files",
      ...lunchBot.map((service) => `lunch-bot dev ${service} no-host-folders`),
      ...["dev", "staging", "prod"].map((stack) => `lunch-bot ${stack} kafka noexec-memory-filesystems`),
      ...taskTracker.map((service) => `task-tracker dev ${service} no-host-folders`),
    ].sort(),
  );
});

/** Checks each environment on its own. */
function inEveryStack(rule: string, check: (given: Case) => void) {
  test.each(ENVIRONMENTS)(`${rule} (%s)`, (name) => {
    check(cases.find((given) => given.name === name) as Case);
  });
}

inEveryStack("containers that keep their name stop first, all others start first", ({ containers, expected }) => {
  const stopFirst = containers.filter(({ options }) => options.deleteBeforeReplace === true);
  expect(stopFirst.map(({ service }) => service)).toEqual(expected.stopFirst);
  expect(containers.filter(({ inputs }) => inputs.name !== undefined)).toEqual(stopFirst);
  expect(containers.filter(({ options }) => options.deleteBeforeReplace === undefined)).toEqual([]);
});

inEveryStack("a published port is on a segment that is not internal", ({ graph, containers }) => {
  const open = graph.ofType(":Network").filter(({ inputs }) => inputs.internal === false);
  const openNames = open.map(({ name }) => `${name}-auto`);
  for (const { inputs } of containers.filter(({ inputs: { ports } }) => (ports as unknown[] | undefined)?.length)) {
    const joined = (inputs.networksAdvanced as Inputs[]).map(({ name }) => name as string);
    expect(joined.filter((name) => openNames.includes(name))).toHaveLength(1);
  }
});

inEveryStack("every gate bounds the number of processes", ({ graph, containers }) => {
  const gates = graph.ofType(":Command").filter(({ name }) => name.endsWith("-gate"));
  expect(gates).toHaveLength(containers.filter(({ role }) => RUNNING.includes(role)).length);
  expect(gates.filter(({ inputs }) => !(Number(inputs.environment.PIDS_LIMIT) > 0)).map(key)).toEqual([]);
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

inEveryStack("data volumes and keys that decrypt data are protected, and nothing else is", ({ graph, expected }) => {
  const isProtected = graph.nodes.filter(({ options }) => options.protect);
  expect(isProtected.map(key)).toEqual(expected.protected);
  const volumes = isProtected.filter(({ type }) => type.endsWith(":Volume"));
  for (const { options } of volumes) expect(options.ignoreChanges).toEqual(["labels", "driverOpts"]);
});

inEveryStack("what stands in Docker keeps the labels that it was made with", ({ graph }) => {
  const objects = graph.nodes.filter(({ type }) => /^docker:.*:(Container|Network|Volume)$/.test(type));
  expect(objects.length).toBeGreaterThan(0);
  const changing = objects.filter(({ options }) => !options.ignoreChanges?.includes("labels"));
  // Containers of services and jobs follow their labels, which a transform may change.
  expect(changing.map(key).filter((name) => !/^Container .*-container$/.test(name))).toEqual([]);
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

inEveryStack("acts are silent and say what an update does; only what can be revoked is", ({ graph, expected }) => {
  for (const { inputs, name } of graph.ofType(":Command")) {
    // Only what a stack remembers depends on what it remembered before.
    const addPreviousOutputInEnv = ["credentials-record", "platform-daemon", "platform-stack-id"].includes(name);
    expect(inputs).toMatchObject({ logging: "none", update: inputs.create as string, addPreviousOutputInEnv });
  }
  const revoked = graph.ofType(":Command").filter(({ inputs }) => inputs.delete !== undefined);
  const others = revoked.map(({ name }) => name).filter((name) => !/-(login|revocation)$/.test(name));
  expect(others).toEqual(expected.routes.map((service) => `nginx-${service}`));
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
    "dockwright:app:Job",
    "dockwright:app:Migration",
    "dockwright:app:Worker",
    "dockwright:data:Postgres",
    "dockwright:data:Redis",
    "dockwright:edge:Nginx",
    "dockwright:messaging:Kafka",
    "dockwright:messaging:Nats",
    "dockwright:platform:DockerEngine",
    "dockwright:secrets:CredentialAges",
    "dockwright:secrets:EncryptionKeys",
    "dockwright:secrets:GivenSecret",
    "dockwright:secrets:JwtKeys",
    "dockwright:secrets:Login",
    "pulumi:providers:docker",
    "random:index/randomId:RandomId",
    "random:index/randomPassword:RandomPassword",
  ]);
});

// The whole graph of each environment of both systems, from the committed stack files.
// After an intended change: npx jest --selectProjects unit --testPathPatterns test/stacks -u, then read the difference.
import { differences, normalised } from "./support/compare";
import { optionalResources } from "./support/docs";
import { Graph, Inputs, key } from "./support/harness";
import * as stacks from "./support/stacks";
import { LUNCH_BOT, stackGraph, StackName, STACKS, System, SYSTEMS, TASK_TRACKER } from "./support/stacks";

type Values = Record<string, unknown>;

interface Environment {
  readonly graph: Graph;
  /** Normalised. */
  readonly inputs: Record<string, Inputs>;
}

const known = new Map<string, Environment>();

/** An environment as its committed values make it. */
async function committed(system: System, stack: StackName): Promise<Environment> {
  const name = `${system.project} ${stack}`;
  const found = known.get(name) ?? (await environment(system, stack));
  known.set(name, found);
  return found;
}

async function environment(system: System, stack: StackName, changes: Values = {}): Promise<Environment> {
  const { graph } = await stackGraph(stack, changes, system);
  return { graph, inputs: normalised(graph, stack, system) };
}

interface Expected {
  readonly services: readonly string[];
  readonly jobs: readonly string[];
  readonly generations: Readonly<Record<string, number>>;
}

const EXPECTED: Record<string, Expected> = {
  "lunch-bot": {
    services: [
      ...["backend", "frontend", "kafka", "nginx", "notifications-worker", "postgres", "recommendations-worker"],
      ...["redis", "telegram-bot"],
    ],
    jobs: ["migrate"],
    generations: { database: 1, cache: 1, broker: 1, jwt: 1 },
  },
  "task-tracker": {
    services: ["api", "dashboard", "nats", "nginx", "postgres", "worker"],
    jobs: ["migrate", "reencrypt"],
    generations: { database: 1, broker: 1, encryption: 1 },
  },
};

describe.each(SYSTEMS.map((system) => [system.project, system] as const))("%s", (project, system) => {
  const { services, jobs, generations } = EXPECTED[project] as Expected;

  const inputsOf = async (stack: StackName) => (await committed(system, stack)).inputs;
  const keysOf = async (stack: StackName) => (await committed(system, stack)).graph.keys();
  const optional = optionalResources().filter((each) => each.system === project);

  test("prod, resource by resource", async () => {
    expect(await inputsOf("prod")).toMatchSnapshot();
  });

  test("what staging sets otherwise than prod", async () => {
    expect(differences(await inputsOf("prod"), await inputsOf("staging"))).toMatchSnapshot();
  });

  test("what dev sets otherwise than prod", async () => {
    expect(differences(await inputsOf("prod"), await inputsOf("dev"))).toMatchSnapshot();
  });

  test.each(STACKS)(
    "%s has the resources of all, and the optional ones that docs/environments.md names",
    async (stack) => {
      const some = optional.flatMap(({ resources }) => resources);
      const all = (await keysOf("prod")).filter((key) => !some.includes(key));
      const own = optional.filter(({ stacks: having }) => having.includes(stack)).flatMap(({ resources }) => resources);
      expect(await keysOf(stack)).toEqual([...all, ...own].sort());
    },
  );

  test.each(["dev", "staging"] as const)("the settings there add them: prod with those of %s", async (stack) => {
    const values = stacks.completeValues(stack, system);
    const keys = optional.flatMap(({ settings }) => settings.map((path) => path.split(".")[0] ?? ""));
    const changes = Object.fromEntries([...keys, "secrets"].map((key) => [key, values[key]]));
    expect((await environment(system, "prod", changes)).graph.keys()).toEqual(await keysOf(stack));
  });

  test.each(STACKS)("%s runs exactly these services and jobs", async (stack) => {
    const containers = (await committed(system, stack)).graph.ofType(":Container");
    const labels = containers.map(({ inputs: { labels: list } }) => labelsOf(list));
    const withRole = (role: string) =>
      labels.filter((each) => each["dockwright.role"] === role).map((each) => each["dockwright.service"]);
    expect([...new Set(withRole("service"))]).toEqual(services);
    expect(withRole("job")).toEqual(jobs);
  });

  test("a program run twice is the same graph", async () => {
    expect((await environment(system, "prod")).inputs).toEqual(await inputsOf("prod"));
  });

  test("outputs of dev", async () => {
    const { outputs } = await stackGraph("dev", {}, system);
    expect(outputs.url).toBe((stacks.stackValues("dev", system).edge as { publicUrl: string }).publicUrl);
    expect(Object.keys(outputs.services).sort()).toEqual(services);
    const { app } = stacks.localImages(system);
    expect(outputs.release).toEqual({ app, migration: app });
    expect(outputs.generations).toEqual(generations);
  });
});

function labelsOf(list: readonly { label: string; value: string }[]): Record<string, string> {
  return Object.fromEntries(list.map(({ label, value }) => [label, value]));
}

/** Resources of prod that change when some values do, without the labels that say how. */
async function changes(system: System, values: Values): Promise<string[]> {
  const before = stacks.completeValues("prod", system);
  const merged = Object.entries(values).map(([key, value]) => [
    key,
    { ...(before[key] as object | undefined), ...(value as object) },
  ]);
  const { inputs } = await environment(system, "prod", Object.fromEntries(merged) as Values);
  const lines = differences((await committed(system, "prod")).inputs, inputs);
  const resources = lines.map((line) => (/^[+-] /.test(line) ? line : line.split(" ").slice(0, 2).join(" ")));
  return [...new Set(resources)].sort();
}

describe("one setting of prod changes", () => {
  const files = (service: string) => [
    `Container ${service}-container`,
    `Container ${service}-secrets-files`,
    `Volume ${service}-secrets-volume`,
  ];
  /** What remembers since when each credential is as it is. */
  const RECORD = "Command credentials-record";
  const login = (credential: string) => (service: string) => [
    `Command ${service}-${credential}-login`,
    ...files(service),
    `RandomPassword ${service}-${credential}-secret`,
  ];
  const release = { images: { app: `other@sha256:${"1".repeat(64)}` } };

  test.each<[string, System, Values, readonly string[]]>([
    [
      "a release of the application: its own containers, and nothing that holds data",
      LUNCH_BOT,
      release,
      ["backend", "frontend", "migrate", "notifications-worker", "recommendations-worker", "telegram-bot"].map(
        (service) => `Container ${service}-container`,
      ),
    ],
    [
      "a release of the application, each replica",
      TASK_TRACKER,
      release,
      ["api-2", "api", "dashboard", "migrate", "reencrypt", "worker"].map(
        (service) => `Container ${service}-container`,
      ),
    ],
    [
      "replicas: a container and a gate each, and the route that names them",
      LUNCH_BOT,
      { replicas: { frontend: 3 } },
      [
        ...["+ Command frontend-2-gate", "+ Command frontend-3-gate", "Command nginx-frontend"],
        ...["+ Container frontend-2-container", "+ Container frontend-3-container"],
      ],
    ],
    [
      "a generation of a login: new logins, new files, and exactly their consumers",
      LUNCH_BOT,
      { rotation: { database: 2 } },
      [...["backend", "migrate", "notifications-worker"].flatMap(login("database")), RECORD],
    ],
    [
      "a generation of a login of the broker",
      TASK_TRACKER,
      { rotation: { broker: 2 } },
      ["Container api-2-container", ...["api", "worker"].flatMap(login("broker")), RECORD],
    ],
    [
      "a generation of the encryption keys: one key more, none less, the consumers, and the job that encrypts anew",
      TASK_TRACKER,
      { rotation: { encryption: 2 } },
      [
        ...["EncryptionKeys encryption", "+ RandomPassword encryption-key-3", RECORD],
        ...["Container api-2-container", ...["api", "worker", "reencrypt"].flatMap(files)],
      ],
    ],
    [
      "a generation of the key ring: one key more, one less, and the one consumer",
      LUNCH_BOT,
      { rotation: { jwt: 2 } },
      [...["JwtKeys jwt", "- RandomPassword jwt-key-0", "+ RandomPassword jwt-key-3", RECORD], ...files("backend")],
    ],
    [
      "a given secret: exactly its consumer",
      LUNCH_BOT,
      { secrets: { telegramBotToken: "456:other" } },
      [...files("telegram-bot"), RECORD],
    ],
    [
      "a given secret of Task Tracker",
      TASK_TRACKER,
      { secrets: { smtpPassword: "another-password" } },
      [...files("worker"), RECORD],
    ],
    [
      "the public URL: those who are told it",
      LUNCH_BOT,
      { edge: { publicUrl: "https://lunch.example.org" } },
      [
        "Command nginx-config",
        ...["backend", "frontend", "telegram-bot"].map((service) => `Container ${service}-container`),
      ],
    ],
    [
      "the trusted proxies: a reload of nginx, and no container",
      LUNCH_BOT,
      { edge: { trustedProxies: ["10.0.0.0/8"] } },
      ["Command nginx-config"],
    ],
  ])("%s", async (_case, system, values, expected) => {
    expect(await changes(system, values)).toEqual([...expected].sort());
  });

  test.each(SYSTEMS)(
    "a docker host: the provider and every command that asks it, and no container ($project)",
    async (system) => {
      const changed = await changes(system, { docker: { host: "ssh://deploy@host" } });
      expect(changed.filter((each) => !each.startsWith("Command "))).toEqual(["docker platform-provider"]);
      const commands = (await committed(system, "prod")).graph.ofType(":Command").map(key);
      const asksNobody = [RECORD, "Command platform-stack-id"];
      const expected = commands.filter((each) => !asksNobody.includes(each));
      expect(changed.filter((each) => each.startsWith("Command "))).toEqual(expected);
    },
  );
});

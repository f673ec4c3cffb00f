// The whole graph of each environment, from the committed stack files.
// After an intended change: npx jest --selectProjects unit --testPathPatterns test/stacks -u, then read the difference.
import { differences, normalised } from "./support/compare";
import { Graph, Inputs } from "./support/harness";
import { completeValues, GIVEN_SECRETS, LOCAL_IMAGES, stackGraph, StackName, STACKS } from "./support/stacks";

const graphs = {} as Record<StackName, Graph>;
const inputs = {} as Record<StackName, Record<string, Inputs>>;

beforeAll(async () => {
  for (const stack of STACKS) {
    graphs[stack] = (await stackGraph(stack)).graph;
    inputs[stack] = normalised(graphs[stack], stack);
  }
});

test("prod, resource by resource", () => {
  expect(inputs.prod).toMatchSnapshot();
});

test("what staging sets otherwise than prod", () => {
  expect(differences(inputs.prod, inputs.staging)).toMatchSnapshot();
});

test("what dev sets otherwise than prod", () => {
  expect(differences(inputs.prod, inputs.dev)).toMatchSnapshot();
});

test("every environment has the same resources, but for the placeholders that dev allows", () => {
  const placeholders = ["RandomPassword gemini-placeholder", "RandomPassword telegram-placeholder"];
  expect(graphs.staging.keys()).toEqual(graphs.prod.keys());
  expect(graphs.dev.keys().filter((key) => !placeholders.includes(key))).toEqual(graphs.prod.keys());
  expect(graphs.dev.keys()).toEqual(expect.arrayContaining(placeholders));
});

test.each(STACKS)("%s runs exactly nine services and one job", (stack) => {
  const withRole = (role: string) =>
    graphs[stack]
      .ofType(":Container")
      .map(({ inputs: { labels } }) => labelsOf(labels))
      .filter((labels) => labels["dockwright.role"] === role)
      .map((labels) => labels["dockwright.service"]);
  expect(withRole("service")).toEqual([
    ...["backend", "frontend", "kafka", "nginx", "notifications-worker", "postgres", "recommendations-worker"],
    ...["redis", "telegram-bot"],
  ]);
  expect(withRole("job")).toEqual(["migrate"]);
});

function labelsOf(list: readonly { label: string; value: string }[]): Record<string, string> {
  return Object.fromEntries(list.map(({ label, value }) => [label, value]));
}

test("a program run twice is the same graph", async () => {
  expect(normalised((await stackGraph("prod")).graph, "prod")).toEqual(inputs.prod);
});

test("outputs of dev", async () => {
  const { url, services, release, generations } = (await stackGraph("dev")).outputs;
  expect(url).toBe("http://127.0.0.1:8080");
  expect(Object.keys(services)).toHaveLength(9);
  expect(services.backend).toEqual({ image: (LOCAL_IMAGES as Record<string, string>).app, replicas: 1 });
  expect(release).toEqual({ app: services.backend?.image, migration: services.backend?.image });
  expect(generations).toEqual({ database: 1, cache: 1, broker: 1, jwt: 1 });
});

describe("one setting of prod changes", () => {
  /** Resources of prod that change when some values do, without the labels that say how. */
  async function changes(values: Record<string, unknown>): Promise<string[]> {
    const merged = Object.entries(values).map(([key, value]) => [key, { ...objectAt(key), ...(value as object) }]);
    const { graph } = await stackGraph("prod", Object.fromEntries(merged) as Record<string, unknown>);
    return resources(differences(inputs.prod, normalised(graph, "prod")));
  }
  const objectAt = (key: string) => completeValues("prod")[key] as object | undefined;
  const resources = (lines: string[]) => [
    ...new Set(lines.map((line) => (/^[+-] /.test(line) ? line : line.split(" ").slice(0, 2).join(" ")))),
  ];

  test("a release of the application: its own containers, and nothing that holds data", async () => {
    expect(await changes({ images: { app: `other@sha256:${"1".repeat(64)}` } })).toEqual([
      "Container backend-container",
      "Container frontend-container",
      "Container migrate-container",
      "Container notifications-worker-container",
      "Container recommendations-worker-container",
      "Container telegram-bot-container",
    ]);
  });

  test("replicas: a container and a gate each, and the route that names them", async () => {
    expect(await changes({ replicas: { backend: 3 } })).toEqual([
      "+ Command backend-2-gate",
      "+ Command backend-3-gate",
      "Command nginx-backend",
      "+ Container backend-2-container",
      "+ Container backend-3-container",
    ]);
  });

  test("a generation of a login: new logins, new files, and exactly their consumers", async () => {
    const consumer = (service: string) => [
      `Command ${service}-database-login`,
      `Container ${service}-container`,
      `Container ${service}-secrets-files`,
      `RandomPassword ${service}-database-secret`,
      `Volume ${service}-secrets-volume`,
    ];
    expect(await changes({ rotation: { database: 2 } })).toEqual(
      ["backend", "migrate", "notifications-worker"].flatMap(consumer).sort(),
    );
  });

  test("a generation of the key ring: one key more, one less, and the one consumer", async () => {
    expect(await changes({ rotation: { jwt: 2 } })).toEqual([
      "Container backend-container",
      "Container backend-secrets-files",
      "RandomId jwt-id",
      "- RandomPassword jwt-key-0",
      "+ RandomPassword jwt-key-3",
      "Volume backend-secrets-volume",
    ]);
  });

  test("a given secret: exactly its consumer", async () => {
    expect(await changes({ secrets: { ...GIVEN_SECRETS, telegramBotToken: "456:other" } })).toEqual([
      "Container telegram-bot-container",
      "Container telegram-bot-secrets-files",
      "Volume telegram-bot-secrets-volume",
    ]);
  });

  test("a docker host: the provider and every command, and no container", async () => {
    const changed = await changes({ docker: { host: "ssh://deploy@host" } });
    expect(changed.filter((key) => !key.startsWith("Command "))).toEqual(["docker platform-provider"]);
    expect(changed).toHaveLength(1 + graphs.prod.ofType(":Command").length);
  });

  test("the public URL: those who are told it", async () => {
    expect(await changes({ edge: { publicUrl: "https://lunch.example.org" } })).toEqual([
      "Container backend-container",
      "Container frontend-container",
      "Container telegram-bot-container",
    ]);
  });

  test("the trusted proxies: a reload of nginx, and no container", async () => {
    expect(await changes({ edge: { trustedProxies: [] } })).toEqual(["Command nginx-config"]);
  });
});

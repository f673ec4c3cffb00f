// Who may talk to whom: what the programs declare is what the containers of every environment can do, and no more.
import { Graph, Inputs } from "./support/harness";
import { stackGraph, STACKS, StackName, StackRun, stackValues, System, SYSTEMS } from "./support/stacks";

const ENVIRONMENTS = SYSTEMS.flatMap((system) =>
  STACKS.map((stack) => ({ name: `${system.project} ${stack}`, system, stack })),
);

const runs: Record<string, StackRun> = {};
beforeAll(async () => {
  for (const { name, system, stack } of ENVIRONMENTS) runs[name] = await stackGraph(stack, {}, system);
});
const runOf = (name: string) => runs[name] as StackRun;

/** Services and jobs by the segment that their containers join. */
function joined(graph: Graph): Record<string, string[]> {
  const found: Record<string, Set<string>> = {};
  for (const { inputs } of graph.ofType(":Container")) {
    for (const { name } of (inputs.networksAdvanced ?? []) as Inputs[]) {
      const segment = (name as string).replace(/^platform-(.+)-auto$/, "$1");
      found[segment] = (found[segment] ?? new Set<string>()).add(serviceOf(inputs));
    }
  }
  return Object.fromEntries(Object.entries(found).map(([segment, services]) => [segment, [...services].sort()]));
}

function serviceOf(inputs: Inputs): string {
  const labels = inputs.labels as { label: string; value: string }[];
  return labels.find(({ label }) => label === "dockwright.service")?.value ?? "";
}

/** `a b` for every two that share a segment, in both directions. */
function pairs(segments: Readonly<Record<string, readonly string[]>>): string[] {
  const found = Object.values(segments).flatMap((members) =>
    members.flatMap((from) => members.filter((to) => to !== from).map((to) => `${from} ${to}`)),
  );
  return [...new Set(found)].sort();
}

/** Those who share a segment with a server that holds data, as the tables of the two systems have it. */
const SERVERS: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  "lunch-bot": {
    postgres: ["backend", "migrate", "notifications-worker", "recommendations-worker", "kafka", "redis"],
    redis: ["backend", "migrate", "notifications-worker", "recommendations-worker", "kafka", "postgres"],
    kafka: ["backend", "migrate", "notifications-worker", "recommendations-worker", "postgres", "redis"],
  },
  "task-tracker": {
    postgres: ["api", "worker", "migrate", "reencrypt", "nats"],
    nats: ["api", "worker", "migrate", "reencrypt", "postgres"],
  },
};

describe.each(ENVIRONMENTS)("$name", ({ name, system, stack }) => {
  test("every segment declares its members, and just these join it", () => {
    const { graph, segments } = runOf(name);
    const declared = Object.entries(segments).map(([segment, { members = [] }]) => [segment, [...members].sort()]);
    expect(joined(graph)).toEqual(Object.fromEntries(declared));
  });

  test("who shares a segment with whom is the declared matrix", () => {
    const { graph, segments } = runOf(name);
    const declared = Object.entries(segments).map(([segment, { members = [] }]) => [segment, members] as const);
    expect(pairs(joined(graph))).toEqual(pairs(Object.fromEntries(declared)));
  });

  test("servers that hold data are reached by their consumers only, never by what takes requests from outside", () => {
    const reach = pairs(joined(runOf(name).graph));
    for (const [server, consumers] of Object.entries(SERVERS[system.project] ?? {})) {
      const found = reach.filter((pair) => pair.endsWith(` ${server}`)).map((pair) => pair.split(" ")[0]);
      expect([server, found]).toEqual([server, [...consumers].sort()]);
      for (const front of ["nginx", "frontend", "dashboard"]) expect(found).not.toContain(front);
    }
  });

  test("nginx alone is published, and beside it what hostPorts names, on the loopback address", () => {
    const services = runOf(name).graph.ofType(":Container");
    const published = services.flatMap(({ inputs }) =>
      ((inputs.ports ?? []) as Inputs[]).map(
        ({ ip, external }) => `${serviceOf(inputs)} ${ip as string}:${external as number}`,
      ),
    );
    expect(published.sort()).toEqual(expectedPorts(system, stack));
  });

  test("an internal segment has no way out, the others are there for those who need one", () => {
    const { graph, segments } = runOf(name);
    const open = graph.ofType(":Network").filter(({ inputs }) => inputs.internal !== true);
    expect(open.map((network) => network.name.replace("platform-", ""))).toEqual(
      Object.keys(segments)
        .filter((segment) => ["public", "egress", "published"].includes(segment))
        .sort(),
    );
  });
});

/** Ports by the committed values: nginx's own, those that it listens on for a service, those of servers. */
function expectedPorts(system: System, stack: StackName): string[] {
  const { edge, hostPorts = {} } = stackValues(stack, system) as {
    edge: { httpPort: number; httpsPort?: number; bindAddress?: string };
    hostPorts?: Record<string, number>;
  };
  const own = [edge.httpPort, edge.httpsPort].filter((port) => port !== undefined);
  const servers = Object.keys(SERVERS[system.project] ?? {});
  return [
    ...own.map((port) => `nginx ${edge.bindAddress ?? "127.0.0.1"}:${port}`),
    ...Object.entries(hostPorts).map(
      ([service, port]) => `${servers.includes(service) ? service : "nginx"} 127.0.0.1:${port}`,
    ),
  ].sort();
}

test("staging and prod set no host ports", () => {
  const found = ENVIRONMENTS.filter(({ stack, system }) => stackValues(stack, system).hostPorts !== undefined);
  expect(found.filter(({ stack }) => stack !== "dev").map(({ name }) => name)).toEqual([]);
});

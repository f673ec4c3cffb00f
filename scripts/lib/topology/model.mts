// What a picture of a stack shows, as plain data.
import { label, ResourceGraph, segmentName } from "./graph.mts";
import { nameOf, records, type Resource, strings, text } from "./resources.mts";

export interface Service {
  readonly name: string;
  /** `Postgres`, `Backend`, `Worker`, … */
  readonly kind: string;
  readonly job: boolean;
  readonly replicas: number;
  readonly segments: readonly string[];
  /** Names of the secrets it is given as files. */
  readonly secrets: readonly string[];
  /** Data that survives a `down`. */
  readonly volumes: readonly string[];
  /** Published as `address:port`. */
  readonly ports: readonly string[];
}

export interface Segment {
  readonly name: string;
  /** Without a way out of the host. */
  readonly internal: boolean;
}

export interface Edge {
  readonly from: string;
  readonly to: string;
  /**
   * `routes`: requests from outside are passed on · `uses`: has a login there · `calls`: by HTTP, through the edge's
   * internal listener.
   */
  readonly kind: "routes" | "uses" | "calls";
  /** The paths of a route. */
  readonly paths?: readonly string[];
}

export interface Topology {
  /** From the edge inwards. */
  readonly segments: readonly Segment[];
  readonly services: readonly Service[];
  readonly edges: readonly Edge[];
}

export function topologyOf(resources: readonly Resource[]): Topology {
  const graph = new ResourceGraph(resources);
  const containers = graph
    .ofType("Container")
    .filter(({ inputs }) => ["service", "job"].includes(label(inputs, "role") ?? ""));
  const services = unique(containers.map((each) => graph.ownerOf(each) ?? "")).map((name) =>
    service(graph, name, containers),
  );
  const edges = [...routes(graph, services), ...uses(graph, containers), ...calls(graph, containers, services)];
  return { segments: segments(graph, services), services, edges: edges.sort(byText) };
}

function service(graph: ResourceGraph, name: string, containers: readonly Resource[]): Service {
  const own = containers.filter((each) => graph.ownerOf(each) === name);
  const first = own[0] as Resource;
  const data = graph.ofType("Volume").filter(({ inputs }) => label(inputs, "role") === "data");
  return {
    name,
    kind: graph.kindOf(first),
    job: label(first.inputs, "role") === "job",
    replicas: own.length,
    segments: graph.segmentsOf(first),
    secrets: graph.secretsOf(name),
    volumes: data.filter((each) => graph.ownerOf(each) === name).map(({ urn }) => nameOf(urn)),
    ports: records(first.inputs["ports"]).map((port) => `${text(port["ip"])}:${text(port["external"])}`),
  };
}

/** What the published service does once another one is ready: it passes requests on to it. */
function routes(graph: ResourceGraph, services: readonly Service[]): Edge[] {
  const published = services.filter(({ ports }) => ports.length > 0).map(({ name }) => name);
  return graph.ofType("Command").flatMap((act) => {
    const from = graph.ownerOf(act);
    if (from === undefined || !published.includes(from)) return [];
    const targets = unique(graph.before(act).map(({ service: target }) => target));
    const paths = locations(act.inputs["stdin"]);
    return targets.map((to) => ({ from, to, kind: "routes" as const, paths }));
  });
}

/** Public paths in the configuration of a route, as far as it is known. */
function locations(stdin: unknown): string[] {
  const found = typeof stdin === "string" ? stdin.matchAll(/^location (=|\^~) (\S+) \{$/gm) : [];
  return [...found].map(([, , path]) => path ?? "").filter((path) => !path.startsWith("/probe/"));
}

/** A login on a server that was made for a service. */
function uses(graph: ResourceGraph, containers: readonly Resource[]): Edge[] {
  const edges = containers.flatMap((container) => {
    const logins = graph.before(container).filter(({ act }) => graph.isUnder(act, container.parent));
    const from = graph.ownerOf(container) ?? "";
    return logins.map((login) => ({ from, to: login.service, kind: "uses" as const }));
  });
  return uniqueBy(edges);
}

/** Addresses in the environment whose host is a name that another one listens under: a server answers to its own. */
function calls(graph: ResourceGraph, containers: readonly Resource[], services: readonly Service[]): Edge[] {
  const names = new Set(services.map(({ name }) => name));
  const aliases = containers.flatMap((container) =>
    records(container.inputs["networksAdvanced"])
      .flatMap((network) => strings(network["aliases"]))
      .filter((alias) => alias !== graph.ownerOf(container)),
  );
  const edges = containers.flatMap((container) => {
    const from = graph.ownerOf(container) ?? "";
    const hosts = strings(container.inputs["envs"]).flatMap((line) =>
      [...line.matchAll(/:\/\/([\w-]+)[:/]/g)].map(([, host]) => host ?? ""),
    );
    const called = hosts.filter((host) => aliases.includes(host) && names.has(host) && host !== from);
    return called.map((to) => ({ from, to, kind: "calls" as const }));
  });
  return uniqueBy(edges);
}

/** Segments in the order in which a request comes through them: the published one first, those that lead out last. */
function segments(graph: ResourceGraph, services: readonly Service[]): Segment[] {
  const rest = new Map(
    graph
      .ofType("Network")
      .map((each) => [segmentName(each), { name: segmentName(each), internal: !!each.inputs["internal"] }]),
  );
  const ordered: Segment[] = [];
  const take = (names: readonly string[]): void => {
    const found = names.flatMap((name) => rest.get(name) ?? []);
    for (const segment of found.sort((a, b) => Number(b.internal) - Number(a.internal) || byText(a.name, b.name))) {
      if (rest.delete(segment.name)) ordered.push(segment);
    }
  };
  const published = services.filter(({ ports }) => ports.length > 0).flatMap((each) => each.segments);
  take(published.filter((name) => rest.get(name)?.internal === false));
  for (let size = -1; size !== rest.size;) {
    size = rest.size;
    const reached = services.filter((each) => each.segments.some((name) => !rest.has(name)));
    take(reached.flatMap((each) => each.segments));
  }
  take([...rest.keys()]);
  return ordered;
}

function unique(values: readonly string[]): string[] {
  return [...new Set(values)].sort();
}

function uniqueBy(edges: readonly Edge[]): Edge[] {
  return [...new Map(edges.map((edge) => [JSON.stringify(edge), edge])).values()];
}

function byText(a: unknown, b: unknown): number {
  return JSON.stringify(a) < JSON.stringify(b) ? -1 : 1;
}

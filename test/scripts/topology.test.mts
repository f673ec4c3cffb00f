// The picture of a stack: read from what the program registers, the same each time, and nothing added or left out.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { mockedRun } from "../../scripts/lib/docs/mocked-run.mts";
import { stackTopology, type System, systemsOf } from "../../scripts/lib/docs/systems.mts";
import { readYaml } from "../../scripts/lib/project.mts";
import { dot, draw, homeOf } from "../../scripts/lib/topology/draw.mts";
import { label } from "../../scripts/lib/topology/graph.mts";
import { type Topology, topologyOf } from "../../scripts/lib/topology/model.mts";
import { fromPreview, fromState, records, type Resource, strings } from "../../scripts/lib/topology/resources.mts";

const ROOT = join(import.meta.dirname, "..", "..");
let resources: Resource[];
let topology: Topology;
let folder: string;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "topology-"));
  const config = readYaml(join(ROOT, "Pulumi.prod.yaml"))?.["config"] as Record<string, unknown>;
  const own = Object.entries(config).map(([key, value]) => [key.replace("lunch-bot:", ""), value]);
  const changes = { given: { allowPlaceholders: true }, replicas: { backend: 2 } };
  const values = { ...(Object.fromEntries(own) as object), ...changes };
  resources = await mockedRun({ root: ROOT, project: "lunch-bot", stack: "prod", values });
  topology = topologyOf(resources);
});
after(() => rmSync(folder, { recursive: true }));

const running = (): Resource[] =>
  resources
    .filter(({ inputs }) => ["service", "job"].includes(label(inputs, "role") ?? ""))
    .filter(({ type }) => type.endsWith(":Container"));

test("every container is in a service, once, with its replicas", () => {
  const names = running().map(({ inputs }) => label(inputs, "service"));
  assert.deepEqual(
    topology.services.map(({ name }) => name),
    [...new Set(names)].sort(),
  );
  assert.deepEqual(
    topology.services.map(({ name, replicas }) => [name, replicas]),
    [...new Set(names)].sort().map((name) => [name, names.filter((each) => each === name).length]),
  );
  assert.equal(topology.services.find(({ name }) => name === "backend")?.replicas, 2);
});

test("a service is in the segments whose networks its container joins", () => {
  const networks = resources.filter(({ type }) => type.endsWith(":Network"));
  assert.deepEqual(topology.segments.map(({ name }) => name).sort(), ["calls", "data", "egress", "public"]);
  assert.equal(networks.length, 4);
  for (const { name, segments } of topology.services) {
    const container = running().find(({ inputs }) => label(inputs, "service") === name);
    assert.equal(segments.length, records(container?.inputs["networksAdvanced"]).length, name);
    assert.notEqual(homeOf({ segments } as never, topology.segments), undefined, name);
  }
});

test("who uses a server is who has its secret", () => {
  const servers: Record<string, string> = {
    DATABASE_URL: "postgres",
    REDIS_URL: "redis",
    KAFKA_CREDENTIALS: "kafka",
  };
  const wanted = running().flatMap(({ inputs }) => {
    const variables = strings(inputs["envs"]).flatMap((line) => /^(\w+)_FILE=\/run\/secrets\//.exec(line)?.[1] ?? []);
    const used = variables.flatMap((variable) => servers[variable] ?? []);
    return used.map((server) => `${label(inputs, "service")} ${server}`);
  });
  const got = topology.edges.filter(({ kind }) => kind === "uses").map(({ from, to }) => `${from} ${to}`);
  assert.ok(got.length >= 8);
  assert.deepEqual(got.sort(), [...new Set(wanted)].sort());
});

test("requests come in by the published port, along the routes, and from service to service by name", () => {
  assert.deepEqual(
    topology.services.filter(({ ports }) => ports.length > 0).map(({ name, ports }) => [name, ports]),
    [["nginx", ["127.0.0.1:8082"]]],
  );
  const of = (kind: string): unknown[] =>
    topology.edges.filter((edge) => edge.kind === kind).map(({ from, to, paths }) => [from, to, paths ?? []]);
  assert.deepEqual(of("routes"), [
    ["nginx", "backend", ["/api/", "/health"]],
    ["nginx", "frontend", ["/assets/", "/"]],
  ]);
  assert.deepEqual(of("calls"), [
    ["frontend", "backend", []],
    ["telegram-bot", "backend", []],
  ]);
});

test("a server's own name in an environment is no call: that is what a login is for", async () => {
  const [, taskTracker] = systemsOf(ROOT) as [System, System];
  const { services, edges } = await stackTopology(taskTracker, "dev");
  assert.deepEqual(
    edges.map(({ from, to, kind }) => `${from} ${kind} ${to}`),
    [
      ...["api uses nats", "api uses postgres", "migrate uses postgres"],
      ...["nginx routes api", "nginx routes dashboard", "reencrypt uses postgres"],
      ...["worker uses nats", "worker uses postgres"],
    ],
  );
  assert.deepEqual(
    services.filter(({ ports }) => ports.length > 0).map(({ name, ports }) => [name, ports.length]),
    [
      ["nats", 1],
      ["nginx", 3],
      ["postgres", 1],
    ],
  );
});

test("data volumes and secrets stand at their service, and no value of a secret", () => {
  const volumes = topology.services.flatMap(({ volumes: own }) => own);
  assert.deepEqual(volumes.sort(), ["kafka-data", "postgres-data", "redis-data"]);
  assert.deepEqual(topology.services.find(({ name }) => name === "telegram-bot")?.secrets, ["TELEGRAM_BOT_TOKEN"]);
  assert.ok(dot(topology, "t").includes("secret: TELEGRAM_BOT_TOKEN"));
});

test("the same stack is the same picture, in whatever order its resources come", async () => {
  const again = topologyOf([...resources].reverse());
  assert.deepEqual(again, topology);
  assert.equal(await draw(again, "t"), await draw(topology, "t"));
});

test("a state and a preview read alike, without what goes", () => {
  const stored = resources.map((resource) => ({ ...resource }));
  const gone = { ...stored[0], urn: `${stored[0]?.urn}-old`, delete: true };
  assert.deepEqual(topologyOf(fromState(JSON.stringify({ deployment: { resources: [...stored, gone] } }))), topology);
  const steps = stored.map((newState) => ({ op: "create", newState }));
  assert.deepEqual(topologyOf(fromPreview(JSON.stringify({ steps }))), topology);
  const diagnostics = [{ severity: "error", message: "limits: 1 problem(s)\n" }];
  assert.throws(() => fromPreview(JSON.stringify({ steps: [], diagnostics })), /the preview failed/);
});

function run(
  state: unknown,
  preview = "{}",
): { readonly status: number | null; readonly out: string; readonly err: string } {
  writeFileSync(join(folder, "state.json"), JSON.stringify(state));
  writeFileSync(join(folder, "preview.json"), preview);
  const pulumi = `#!/bin/sh\ncase $1 in stack) cat state.json ;; *) cat preview.json; [ ! -s preview.err ] ;; esac\n`;
  writeFileSync(join(folder, "pulumi"), pulumi);
  chmodSync(join(folder, "pulumi"), 0o755);
  const done = spawnSync("node", [join(ROOT, "scripts", "topology.mts"), "shop", "dev", join(folder, "out.svg")], {
    cwd: folder,
    encoding: "utf8",
    env: { ...process.env, PATH: `${folder}:${process.env["PATH"]}` },
  });
  return { status: done.status, out: done.stdout, err: done.stderr };
}

test("the command draws what is deployed, else what a preview shows, and says which", () => {
  const deployed = run({ deployment: { resources } });
  assert.match(deployed.out, /out\.svg, as deployed\n$/);
  const svg = readFileSync(join(folder, "out.svg"), "utf8");
  assert.ok(svg.startsWith("<svg") && svg.endsWith("</svg>\n"));
  assert.ok(svg.includes("postgres"), "it names a service");
  const steps = resources.map((newState) => ({ op: "create", newState }));
  assert.match(run({ deployment: {} }, JSON.stringify({ steps })).out, /as previewed, nothing is up\n$/);
});

test("a stack without services, and a preview that fails, are errors without a stack trace", () => {
  assert.match(run({ deployment: {} }).err, /^error: stack dev of shop has no services\n$/);
  const { err, status } = run({ deployment: {} }, "error: no such stack\n");
  assert.equal(status, 1);
  assert.match(err, /^error: the preview failed\n/);
});

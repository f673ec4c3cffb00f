import { Backend, HealthCheck, HttpServiceArgs, Worker, WorkerArgs } from "../../components";
import { httpCheck } from "../../components/platform/http-check";
import { outsideHttpCheck, outsideTcpCheck } from "../../components/platform/outside-check";
import { engine, FILES_IMAGE, IMAGE, LIMIT, RUNTIME } from "../support/fixtures";
import { failing, graph, STACK_ID } from "../support/harness";

const common = () => ({ platform: engine(), image: IMAGE, limit: LIMIT, runtime: RUNTIME, segments: ["calls"] });
const api = (changes: Partial<HttpServiceArgs>) =>
  graph({}, () => new Backend("api", { ...common(), port: 80, ...changes }));
const jobs = (changes: Partial<WorkerArgs>) => graph({}, () => new Worker("jobs", { ...common(), ...changes }));

const PROBE = {
  FROM: "outside",
  HOST: "api-container-auto",
  IMAGE: FILES_IMAGE,
  NETWORK: "platform-calls-auto",
  PROJECT: "lunch-bot",
  STACK: "dev",
  STACK_ID,
  USER_ID: "65534:65534",
};

describe.each<[string, HealthCheck, string]>([
  ["http", { kind: "http" }, httpCheck(80, "/ready")],
  ["http on a port of its own", { kind: "http", port: 81, path: "/up" }, httpCheck(81, "/up")],
  ["a command", { kind: "command", command: "pg_isready" }, "pg_isready"],
])("inside, by %s", (_kind, health, command) => {
  test("Docker and the gate run the same check", async () => {
    const result = await api({ readinessPath: "/ready", health });
    expect(result.container("api-container").healthcheck.tests).toEqual(["CMD-SHELL", command]);
    const { environment } = result.get(":Command", "api-gate").inputs;
    expect(environment).toMatchObject({ READINESS: command, TIMEOUT_SECONDS: "90" });
    expect(environment.FROM).toBeUndefined();
  });
});

describe.each<[string, HealthCheck, string]>([
  ["http", { kind: "http", from: "outside" }, outsideHttpCheck(80, "/ready")],
  ["tcp", { kind: "tcp" }, outsideTcpCheck(80)],
  ["tcp on a port of its own", { kind: "tcp", port: 81 }, outsideTcpCheck(81)],
])("outside, by %s", (_kind, health, READINESS) => {
  test("the gate alone checks, by a probe on the service's segment", async () => {
    const result = await api({ readinessPath: "/ready", health });
    expect(result.container("api-container").healthcheck).toBeUndefined();
    const { environment } = result.get(":Command", "api-gate").inputs;
    expect(environment).toMatchObject({ ...PROBE, READINESS, TIMEOUT_SECONDS: "90" });
  });
});

test("without a check the gate sees that it keeps running", async () => {
  const result = await jobs({ health: { kind: "none" } });
  expect(result.container("jobs-container").healthcheck).toBeUndefined();
  expect(result.container("jobs-container").envs).toEqual([]);
  const { environment } = result.get(":Command", "jobs-gate").inputs;
  expect(environment).toMatchObject({ FROM: "none", SETTLE_SECONDS: "5", CONTAINER: "jobs-container-id" });
});

test("a worker is checked where its check says", async () => {
  const result = await jobs({ health: { kind: "http", port: 9090, path: "/health" } });
  expect(result.container("jobs-container").healthcheck.tests[1]).toBe(httpCheck(9090, "/health"));
});

test.each<[string, HealthCheck | undefined, object, object]>([
  ["inside", undefined, { TIMEOUT_SECONDS: "300" }, { startPeriod: "5m0s" }],
  ["outside", { kind: "tcp" }, { TIMEOUT_SECONDS: "300" }, {}],
])("a slow start can be waited for (%s)", async (_where, health, environment, healthcheck) => {
  const result = await api({ readinessPath: "/ready", startTimeoutSeconds: 300, ...(health && { health }) });
  expect(result.get(":Command", "api-gate").inputs.environment).toMatchObject(environment);
  expect(result.container("api-container").healthcheck ?? {}).toMatchObject(healthcheck);
});

test.each<[string, Partial<HttpServiceArgs>, object]>([
  ["its readiness path", { readinessPath: "/ready" }, { readinessPath: "/ready" }],
  ["the path of its check", { health: { kind: "http", path: "/up" } }, { readinessPath: "/up" }],
  ["no path", { health: { kind: "tcp" } }, {}],
])("nginx is told %s", async (_what, changes, expected) => {
  let backend: Backend | undefined;
  await graph({}, () => (backend = new Backend("api", { ...common(), port: 80, ...changes })));
  expect(backend?.endpoint).toEqual({ service: "api", port: 80, ...expected });
});

test("all that is wrong is said at once, and nothing is made", async () => {
  const problems = async (make: () => unknown) => {
    const result = await failing({}, make);
    expect(result.ofType(":Container")).toEqual([]);
    return result.failure.split("\n").slice(1);
  };
  expect(await problems(() => new Backend("api", { ...common(), user: "root", port: 0 }))).toEqual([
    "  user: want a numeric uid:gid that is not root, got root",
    "  port: want a port, 1 to 65535, got 0",
    "  readinessPath: want a path such as /ready, got nothing",
  ]);
  const heartbeats = { heartbeatFile: "/tmp/a", heartbeatMaxAgeSeconds: 3 };
  const check = { kind: "http", path: "ready$(id)" } as const;
  expect(await problems(() => new Worker("jobs", { ...common(), ...heartbeats, health: check }))).toEqual([
    "  heartbeatFile: want nothing, since health says how it is checked, got /tmp/a",
    "  heartbeatMaxAgeSeconds: want nothing, since health says how it is checked, got 3",
    "  health.port: want a port, 1 to 65535, got nothing",
    '  health.path: want a path such as /ready, got "ready$(id)"',
  ]);
  const empty = { kind: "command", command: " " } as const;
  expect(await problems(() => new Worker("jobs", { ...common(), health: empty }))).toEqual([
    '  health.command: want a shell command, got " "',
  ]);
  const none = { kind: "none", settleSeconds: 0 } as const;
  expect(await problems(() => new Worker("jobs", { ...common(), health: none }))).toEqual([
    "  health.settleSeconds: want 1 or more, got 0",
  ]);
});

test("a check from outside needs a segment to come over", async () => {
  const lonely = () => new Backend("api", { ...common(), segments: [], port: 80, health: { kind: "tcp" } });
  const result = await failing({}, lonely);
  expect(result.failure).toContain("  segments: want at least one, over which it is checked from outside, got none");
  expect(result.ofType(":Container")).toEqual([]);
});

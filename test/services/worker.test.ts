import { Worker, WorkerArgs } from "../../components";
import { heartbeatCheck } from "../../components/platform/http-check";
import { engine, HARDENED, IMAGE, labels, LIMIT, RUNTIME } from "../support/fixtures";
import { failing, graph } from "../support/harness";

const program = (changes: Partial<WorkerArgs> = {}) => {
  return () =>
    new Worker("jobs", {
      platform: engine(),
      image: IMAGE,
      limit: LIMIT,
      runtime: RUNTIME,
      segments: ["data"],
      ...changes,
    });
};

test("a worker listens nowhere, and is healthy while it touches its heartbeat", async () => {
  const result = await graph({}, program({ command: ["worker", "jobs"] }));
  expect(result.childrenOf("Worker jobs")).toEqual(["Command jobs-gate", "Container jobs-container"]);
  const { inputs, options } = result.get(":Container", "jobs-container");
  expect(inputs).toEqual({
    ...HARDENED,
    image: IMAGE,
    user: "10001:10001",
    command: ["worker", "jobs"],
    init: true,
    envs: ["HEARTBEAT_FILE=/tmp/heartbeat"],
    labels: labels("jobs", "service"),
    cpus: "0.5",
    memory: 256,
    memorySwap: 256,
    tmpfs: { "/tmp": "uid=10001,gid=10001,mode=0700,size=64m,noexec,nosuid,nodev" },
    volumes: [],
    networksAdvanced: [{ name: "platform-data-auto" }],
    ports: [],
    healthcheck: {
      tests: ["CMD-SHELL", heartbeatCheck("/tmp/heartbeat", 15)],
      interval: "10s",
      timeout: "5s",
      retries: 3,
      startPeriod: "30s",
    },
    mustRun: true,
    restart: "unless-stopped",
    stopSignal: "SIGTERM",
    stopTimeout: 30,
    destroyGraceSeconds: 30,
    wait: false,
  });
  expect(options.deleteBeforeReplace).toBe(false);
});

test("the heartbeat's file and age can be set", async () => {
  const { envs, healthcheck } = (
    await graph({}, program({ heartbeatFile: "/tmp/alive", heartbeatMaxAgeSeconds: 60 }))
  ).container("jobs-container");
  expect(envs).toEqual(["HEARTBEAT_FILE=/tmp/alive"]);
  expect(healthcheck.tests[1]).toBe(heartbeatCheck("/tmp/alive", 60));
});

test("without overlap the old one stops before the new one starts", async () => {
  const { inputs, options } = (await graph({}, program({ overlap: false }))).get(":Container", "jobs-container");
  expect(inputs.name).toBe("lunch-bot-dev-jobs");
  expect(options.deleteBeforeReplace).toBe(true);
});

test("with files that outlive it, the old one stops first, and the volume is protected", async () => {
  const result = await graph({}, program({ dataPath: "/app/sessions" }));
  const { inputs, options } = result.get(":Container", "jobs-container");
  expect(inputs.volumes).toEqual([
    { volumeName: "lunch-bot-dev-jobs-data", containerPath: "/app/sessions", readOnly: false },
  ]);
  expect(options.deleteBeforeReplace).toBe(true);
  expect(result.get(":Volume", "jobs-data").options.protect).toBe(true);
});

test("several side by side need overlap, and none is made otherwise", async () => {
  const result = await failing({}, program({ overlap: false, replicas: 2 }));
  expect(result.failure).toContain(
    "  replicas: want 1 for a service whose old version stops before the new one starts, got 2",
  );
  expect(result.ofType(":Container")).toEqual([]);
  expect((await graph({}, program({ replicas: 2 }))).ofType(":Container")).toHaveLength(2);
});

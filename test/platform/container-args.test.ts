import { jobContainerArgs, RenderContext, serviceContainerArgs } from "../../components/platform/container-args";
import { ServiceSpec } from "../../components/platform/service-spec";
import { HARDENED, IMAGE } from "../support/fixtures";

const spec: ServiceSpec = {
  service: "api",
  image: IMAGE,
  user: "10001:10002",
  environment: { B: "2", A: "1" },
  mounts: [{ volume: "data", path: "/data", readOnly: false }],
  tmpfs: [{ path: "/tmp", sizeMiB: 64 }],
  networks: [{ segment: "calls", aliases: ["api"] }, { segment: "data" }],
  limit: { cpus: 1, memoryMiB: 512 },
  health: { command: "true", intervalSeconds: 90, startPeriodSeconds: 60 },
  stop: { graceSeconds: 30 },
  restart: "always",
  update: "start-first",
};

const context: RenderContext = {
  labels: {
    "dockwright.stack-id": "0011",
    "dockwright.project": "shop",
    "dockwright.stack": "dev",
    "dockwright.service": "api",
    "dockwright.role": "service",
  },
  networkName: (segment) => `shop-${segment}`,
  startInterval: false,
};

const common = {
  ...HARDENED,
  image: IMAGE,
  user: "10001:10002",
  envs: ["A=1", "B=2"],
  labels: [
    { label: "dockwright.project", value: "shop" },
    { label: "dockwright.role", value: "service" },
    { label: "dockwright.service", value: "api" },
    { label: "dockwright.stack", value: "dev" },
    { label: "dockwright.stack-id", value: "0011" },
  ],
  cpus: "1.0",
  memory: 512,
  memorySwap: 512,
  tmpfs: { "/tmp": "uid=10001,gid=10002,mode=0700,size=64m,noexec,nosuid,nodev" },
  volumes: [{ volumeName: "data", containerPath: "/data", readOnly: false }],
  networksAdvanced: [{ name: "shop-calls", aliases: ["api"] }, { name: "shop-data" }],
  wait: false,
};

test("a service is rendered with everything that Docker or the provider would otherwise choose", () => {
  expect(serviceContainerArgs(spec, context)).toEqual({
    ...common,
    mustRun: true,
    restart: "always",
    ports: [],
    healthcheck: {
      tests: ["CMD-SHELL", "true"],
      interval: "1m30s",
      timeout: "5s",
      retries: 3,
      startPeriod: "1m0s",
    },
    stopSignal: "SIGTERM",
    stopTimeout: 30,
    destroyGraceSeconds: 30,
  });
});

test("a job stays in Exited, has no health and publishes nothing", () => {
  expect(jobContainerArgs({ ...spec, timeoutSeconds: 60 }, context)).toEqual({
    ...common,
    mustRun: false,
    restart: "no",
    destroyGraceSeconds: 10,
  });
});

test.each<[string, Partial<ServiceSpec>, object]>([
  ["an entrypoint", { entrypoint: ["sh", "a.sh"] }, { entrypoints: ["sh", "a.sh"] }],
  ["a command", { command: ["api"] }, { command: ["api"] }],
  ["a reservation", { limit: { cpus: 2, memoryMiB: 64, memoryReservationMiB: 32 } }, { memoryReservation: 32 }],
  ["an init process", { init: true }, { init: true }],
  [
    "a folder of the host, read-only",
    { mounts: [{ hostPath: "/home/dev/src", path: "/app/src" }] },
    { volumes: [{ hostPath: "/home/dev/src", containerPath: "/app/src", readOnly: true }] },
  ],
  ["shared memory", { sharedMemoryMiB: 128 }, { shmSize: 128 }],
  [
    "a stop signal",
    { stop: { signal: "SIGINT", graceSeconds: 90 } },
    { stopSignal: "SIGINT", destroyGraceSeconds: 90 },
  ],
  [
    "a port, complete, since the provider compares each part",
    { ports: [{ containerPort: 8080, hostPort: 80, bindAddress: "127.0.0.1" }] },
    { ports: [{ internal: 8080, external: 80, ip: "127.0.0.1", protocol: "tcp" }] },
  ],
  [
    "its own health timeout and retries",
    { health: { ...spec.health, timeoutSeconds: 60, retries: 5 } },
    { healthcheck: { tests: ["CMD-SHELL", "true"], timeout: "1m0s", retries: 5 } },
  ],
])("renders %s", (_what, changes, expected) => {
  expect(serviceContainerArgs({ ...spec, ...changes }, context)).toMatchObject(expected);
});

test("a start interval is rendered only for a daemon that is known to take it", () => {
  expect(serviceContainerArgs(spec, { ...context, startInterval: true }).healthcheck).toMatchObject({
    startInterval: "1s",
  });
});

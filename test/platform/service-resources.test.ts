import * as random from "@pulumi/random";
import * as docker from "@pulumi/docker";

import { DockerEngine } from "../../components";
import {
  dataVolume,
  renderJob,
  RenderOptions,
  renderService,
  scratchVolume,
} from "../../components/platform/service-resources";
import { hostScript } from "../../components/platform/script";
import { ServiceSpec } from "../../components/platform/service-spec";
import { engine, IMAGE, labels, LIMIT, QUIET } from "../support/fixtures";
import { graph, hexOf } from "../support/harness";
import { ROOT } from "../support/stacks";

const PLATFORM = `${ROOT}/components/platform`;

const spec: ServiceSpec = {
  service: "api",
  image: IMAGE,
  user: "1:1",
  environment: {},
  mounts: [],
  tmpfs: [],
  networks: [{ segment: "calls" }],
  limit: LIMIT,
  health: { command: "check", intervalSeconds: 5, startPeriodSeconds: 30 },
  stop: { graceSeconds: 30 },
  restart: "always",
  update: "start-first",
};

function render(changes: Partial<ServiceSpec> = {}, options: Partial<RenderOptions> = {}) {
  return graph({}, () => {
    const platform = engine();
    return renderService(platform, { ...spec, ...changes }, { parent: platform, ...options });
  });
}

test("start-first: named by the engine, so that the new container can stand beside the old", async () => {
  const { inputs, options } = (await render()).get(":Container", "api-container");
  expect(inputs.name).toBeUndefined();
  expect(options).toEqual({
    deleteBeforeReplace: false,
    // The provider accepts these changes without doing anything about them.
    replaceOnChanges: ["tmpfs", "init"],
    provider: "docker platform-provider",
    dependsOn: ["Command platform-stack-id", "Network platform-calls"],
  });
});

test("stop-first: one stable name, and the old container goes before the new one comes", async () => {
  const { inputs, options } = (await render({ update: "stop-first" })).get(":Container", "api-container");
  expect(inputs.name).toBe("lunch-bot-dev-api");
  expect(options.deleteBeforeReplace).toBe(true);
});

test("the gate probes the container by its id, and a new container runs it anew", async () => {
  const { inputs, options } = (await render()).get(":Command", "api-gate");
  expect(inputs).toEqual({
    ...QUIET,
    environment: {
      SCRIPT: hostScript(PLATFORM, "gate.sh"),
      CONTAINER: "api-container-id",
      SERVICE: "api",
      READINESS: "check",
      RESTART: "always",
      PIDS_LIMIT: "512",
      TIMEOUT_SECONDS: "90",
    },
    triggers: ["api-container-id"],
  });
  expect(options).toMatchObject({ deleteBeforeReplace: false, dependsOn: ["Container api-container"] });
});

test("a gate's patience can be set", async () => {
  const health = { ...spec.health, gateTimeoutSeconds: 7 };
  expect((await render({ health })).get(":Command", "api-gate").inputs.environment.TIMEOUT_SECONDS).toBe("7");
});

test("replicas come one after another, each waiting for the gate of the one before", async () => {
  const result = await render({ replicas: 3 });
  expect(result.childrenOf("DockerEngine platform").filter((key) => key.includes(" api"))).toEqual([
    "Command api-2-gate",
    "Command api-3-gate",
    "Command api-gate",
    "Container api-2-container",
    "Container api-3-container",
    "Container api-container",
  ]);
  const waits = (kind: string, name: string) =>
    result.get(kind, name).options.dependsOn?.filter((key) => !/^Network |platform-stack-id$/.test(key));
  expect(waits(":Container", "api-container")).toEqual([]);
  expect(waits(":Container", "api-2-container")).toContain("Command api-gate");
  expect(waits(":Container", "api-3-container")).toContain("Command api-2-gate");
  expect(waits(":Command", "api-2-gate")).toEqual(["Container api-2-container"]);
  expect(result.container("api-2-container")).toEqual(result.container("api-container"));
});

test("containers wait for what must exist before them, gates for what must exist before those", async () => {
  const made: random.RandomId[] = [];
  const id = (name: string) => (made[made.length] = new random.RandomId(name, { byteLength: 4 }));
  const result = await graph({}, () => {
    const platform = engine();
    renderService(platform, spec, {
      parent: platform,
      dependsOn: [id("before")],
      beforeGate: (container) => [new random.RandomId("between", { byteLength: 4 }, { dependsOn: [container] })],
    });
  });
  const waits = (kind: string, name: string) => result.get(kind, name).options.dependsOn;
  expect(waits(":Container", "api-container")).toEqual([
    "Command platform-stack-id",
    "Network platform-calls",
    "RandomId before",
  ]);
  expect(waits(":RandomId", "between")).toContain("Container api-container");
  expect(waits(":Command", "api-gate")).toEqual(
    expect.arrayContaining(["Container api-container", "RandomId between"]),
  );
});

test("a transform has the last word on arguments and options", async () => {
  const seen: string[] = [];
  const transform = {
    container: (args: docker.ContainerArgs, opts: { protect?: boolean }, name: string) => {
      seen.push(name, typeof args.memory);
      args.memory = 1;
      opts.protect = true;
      return undefined;
    },
  };
  const { inputs, options } = (await render({}, { transform })).get(":Container", "api-container");
  expect(seen).toEqual(["api-container", "number"]);
  expect(inputs.memory).toBe(1);
  expect(options.protect).toBe(true);
});

test("containers follow their labels: one that a transform no longer gives goes with a replacement", async () => {
  expect((await render()).get(":Container", "api-container").options.ignoreChanges).toBeUndefined();
  const job = await graph({}, () => {
    const platform = engine();
    return renderJob(platform, { ...spec, timeoutSeconds: 300 }, { parent: platform });
  });
  expect(job.get(":Container", "api-container").options.ignoreChanges).toBeUndefined();
});

test("a transform that returns a copy does not compile", () => {
  // @ts-expect-error a copy would be ignored
  const transform: RenderOptions["transform"] = { container: (args) => ({ ...args }) };
  expect(transform).toBeDefined();
});

describe("a job", () => {
  const job = (transform?: RenderOptions["transform"]) =>
    graph({}, () => {
      const platform = engine();
      renderJob(platform, { ...spec, timeoutSeconds: 300 }, { parent: platform, transform });
    });

  test("is a container that may end, and a gate on its exit code", async () => {
    const result = await job();
    const { inputs, options } = result.get(":Container", "api-container");
    expect(inputs).toMatchObject({ mustRun: false, restart: "no", labels: labels("api", "job") });
    expect(inputs.name).toBeUndefined();
    expect(options).toMatchObject({ deleteBeforeReplace: false, replaceOnChanges: ["tmpfs", "init"] });
    expect(result.get(":Command", "api-gate").inputs).toEqual({
      ...QUIET,
      environment: {
        SCRIPT: hostScript(PLATFORM, "job-gate.sh"),
        CONTAINER: "api-container-id",
        SERVICE: "api",
        PIDS_LIMIT: "512",
        TIMEOUT_SECONDS: "300",
      },
      triggers: ["api-container-id"],
    });
  });

  test("takes a transform", async () => {
    const result = await job({ container: (args) => void (args.memory = 1) });
    expect(result.container("api-container").memory).toBe(1);
  });
});

describe("volumes with stable names", () => {
  const volumes = (make: (platform: DockerEngine) => docker.Volume) =>
    graph({}, () => make(engine())).then((result) => result.ofType(":Volume")[0]);

  test("data is protected, and nothing that cannot be changed in place would replace it", async () => {
    const data = await volumes((platform) => dataVolume(platform, "postgres", platform));
    expect(data?.name).toBe("postgres-data");
    expect(data?.inputs).toEqual({ name: "lunch-bot-dev-postgres-data", labels: labels("postgres", "data") });
    expect(data?.options).toEqual({
      protect: true,
      ignoreChanges: ["labels", "driverOpts"],
      dependsOn: ["Command platform-stack-id"],
      provider: "docker platform-provider",
    });
  });

  test("scratch goes with its service", async () => {
    const store = await volumes((platform) => scratchVolume(platform, "nginx", "store", "r1", platform));
    expect(store?.name).toBe("nginx-store");
    expect(store?.inputs).toEqual({
      name: `lunch-bot-dev-nginx-store-${hexOf("nginx-store-id", { revision: "r1" })}`,
      labels: labels("nginx", "config"),
    });
    expect(store?.options.protect).toBeUndefined();
  });
});

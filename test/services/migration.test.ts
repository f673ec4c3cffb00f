import { describeServices, Migration, Worker } from "../../components";
import { engine, HARDENED, IMAGE, labels, LIMIT, RUNTIME } from "../support/fixtures";
import { graph } from "../support/harness";
import { ready } from "../support/services";

const args = () => ({ platform: engine(), image: IMAGE, limit: LIMIT, command: ["migrate"] });

test("a migration is a container that ends and a gate on its exit code", async () => {
  const result = await graph({}, () => new Migration("migrate", { ...args(), uses: [ready({ segment: "data" })] }));
  expect(result.childrenOf("Migration migrate")).toEqual([
    "Command migrate-gate",
    "Container migrate-container",
    "Container migrate-secrets-files",
    "RandomId migrate-secrets-volume-id",
    "Volume migrate-secrets-volume",
  ]);
  expect(result.container("migrate-container")).toEqual({
    ...HARDENED,
    image: IMAGE,
    user: "10001:10001",
    init: true,
    command: ["migrate"],
    envs: ["TOKEN_FILE=/run/secrets/TOKEN"],
    labels: labels("migrate", "job"),
    cpus: "0.5",
    memory: 256,
    memorySwap: 256,
    tmpfs: { "/tmp": "uid=10001,gid=10001,mode=0700,size=64m,noexec,nosuid,nodev" },
    volumes: [
      {
        volumeName: result.get(":Volume", "migrate-secrets-volume").inputs.name as string,
        containerPath: "/run/secrets",
        readOnly: true,
      },
    ],
    networksAdvanced: [{ name: "platform-data-auto" }],
    destroyGraceSeconds: 10,
    mustRun: false,
    restart: "no",
    wait: false,
  });
});

test.each([
  [undefined, "300"],
  [5, "5"],
])("with timeout %s its gate waits for %s s", async (timeoutSeconds, expected) => {
  const result = await graph({}, () => new Migration("migrate", { ...args(), timeoutSeconds }));
  expect(result.get(":Command", "migrate-gate").inputs.environment.TIMEOUT_SECONDS).toBe(expected);
});

test("the services output names image and replicas of each", async () => {
  let summary: unknown;
  await graph({}, () => {
    const common = { ...args(), runtime: RUNTIME };
    summary = describeServices(new Worker("one", common), new Worker("two", { ...common, replicas: 2 }));
  });
  expect(summary).toEqual({ one: { image: IMAGE, replicas: 1 }, two: { image: IMAGE, replicas: 2 } });
});

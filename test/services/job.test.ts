import * as random from "@pulumi/random";

import { Backend, Job, JobArgs, Migration } from "../../components";
import { engine, IMAGE, LIMIT, RUNTIME } from "../support/fixtures";
import { Graph, graph } from "../support/harness";
import { ready } from "../support/services";

const args = () => ({ platform: engine(), image: IMAGE, limit: LIMIT });
const make = (changes: Partial<JobArgs> = {}) =>
  graph({}, () => new Job("reencrypt", { ...args(), command: ["reencrypt"], ...changes }));

const gate = (result: Graph) => result.get(":Command", "reencrypt-gate");

test("a job is a container that ends and a gate on its exit code, under a type of its own", async () => {
  const result = await make({ uses: [ready()] });
  expect(result.get("dockwright:app:Job", "reencrypt").inputs).toEqual({});
  expect(result.childrenOf("Job reencrypt")).toEqual([
    "Command reencrypt-gate",
    "Container reencrypt-container",
    "Container reencrypt-secrets-files",
    "RandomId reencrypt-secrets-volume-id",
    "Volume reencrypt-secrets-volume",
  ]);
  const { inputs, options } = result.get(":Container", "reencrypt-container");
  expect(inputs).toMatchObject({ command: ["reencrypt"], mustRun: false, restart: "no", wait: false });
  expect(inputs.labels).toContainEqual({ label: "dockwright.role", value: "job" });
  // What it was before may still be looked at until the new one has ended well.
  expect(options.deleteBeforeReplace).toBe(false);
});

test("it is just what a migration is: they differ in their type alone", async () => {
  const uses = () => [ready({ segment: "data", environment: { DATABASE_HOST: "db" } })];
  const migration = await graph({}, () => new Migration("reencrypt", { ...args(), uses: uses() }));
  const job = await graph({}, () => new Job("reencrypt", { ...args(), uses: uses() }));
  const parts = ({ nodes }: Graph) =>
    nodes.map(({ name, type, inputs, options }) => ({ name, type, inputs, options })).filter(isPart);
  expect(parts(job)).toEqual(parts(migration));
  expect(parts(job).length).toBeGreaterThan(3);
});

function isPart({ name, type }: { name: string; type: string }): boolean {
  return name.startsWith("reencrypt") && !type.startsWith("dockwright:app:");
}

test("it runs again when its container is another one, and the update waits for that", async () => {
  const { inputs, options } = gate(await make());
  expect(inputs.triggers).toEqual(["reencrypt-container-id"]);
  expect(inputs.environment).toMatchObject({ CONTAINER: "reencrypt-container-id", SERVICE: "reencrypt" });
  expect(options.dependsOn).toContain("Container reencrypt-container");
});

test.each([
  [undefined, "300"],
  [5, "5"],
])("with timeout %s its gate waits for %s s", async (timeoutSeconds, expected) => {
  expect(gate(await make(timeoutSeconds === undefined ? {} : { timeoutSeconds })).inputs.environment).toMatchObject({
    TIMEOUT_SECONDS: expected,
  });
});

test("it comes after services that are ready, and after any other resource", async () => {
  const result = await graph({}, () => {
    const common = args();
    const api = new Backend("api", { ...common, runtime: RUNTIME, port: 8000, readinessPath: "/ready" });
    const route = new random.RandomId("route", { byteLength: 4 });
    return new Job("reencrypt", { ...common, after: [api, route] });
  });
  expect(result.get(":Container", "reencrypt-container").options.dependsOn).toEqual(
    expect.arrayContaining(["Command api-gate", "RandomId route"]),
  );
});

import * as pulumi from "@pulumi/pulumi";

import { DockerEngine, Worker } from "../../components";
import { act } from "../../components/platform/act";
import { engine, IMAGE, labels, LIMIT, QUIET, RUNTIME } from "../support/fixtures";
import { failing, graph } from "../support/harness";

test("a platform is one provider, a network per segment, a record of its daemon and an id of the stack", async () => {
  const result = await graph({}, () => engine());
  expect(result.keys()).toEqual([
    "Command platform-daemon",
    "Command platform-stack-id",
    "DockerEngine platform",
    "Network platform-calls",
    "Network platform-data",
    "Network platform-egress",
    "Network platform-public",
    "RandomPassword platform-revisions",
    "docker platform-provider",
  ]);
  // No `host`: provider and commands follow DOCKER_HOST of the process. No check: a preview needs no daemon.
  expect(result.get(":docker", "platform-provider").inputs).toEqual({ disableDockerDaemonCheck: "true" });
});

test("networks are static, and named by the engine so that a new one can stand beside the old", async () => {
  const result = await graph({}, () => engine());
  const network = (segment: string) => result.get(":Network", `platform-${segment}`);
  expect(network("data").inputs).toEqual({ driver: "bridge", internal: true, labels: labels("data", "network") });
  expect(network("egress").inputs).toEqual({ driver: "bridge", internal: false, labels: labels("egress", "network") });
  expect(network("data").options.provider).toBe("docker platform-provider");
});

test("a host reaches the provider and every command", async () => {
  const result = await graph({}, () => {
    act(engine({ host: "ssh://deploy@host" }), "act", { script: "true", environment: { A: "1" } }, {});
  });
  expect(result.get(":docker", "platform-provider").inputs).toMatchObject({ host: "ssh://deploy@host" });
  expect(result.get(":Command", "act").inputs.environment).toMatchObject({ A: "1", DOCKER_HOST: "ssh://deploy@host" });
});

test.each([
  [undefined, false],
  ["1.43", false],
  ["1.44", true],
  ["1.51", true],
])("with API version %s a start interval is supported: %s", async (apiVersion, supported) => {
  let platform: DockerEngine | undefined;
  await graph({}, () => (platform = engine({ apiVersion })));
  expect(platform?.supportsStartInterval).toBe(supported);
});

test("stable names and labels carry project and stack", async () => {
  let platform: DockerEngine | undefined;
  await graph({ project: "shop", stack: "blue" }, () => (platform = engine()));
  expect(platform?.stableName("postgres", "data")).toBe("shop-blue-postgres-data");
  expect(platform?.labels("postgres", "data")).toEqual({
    "dockwright.project": "shop",
    "dockwright.stack": "blue",
    "dockwright.stack-id": platform?.stackId,
    "dockwright.service": "postgres",
    "dockwright.role": "data",
  });
});

test("a segment that was not declared is named, with the ones that were", async () => {
  const { failure } = await failing({}, () => engine().networkName("dmz"));
  expect(failure).toBe('segment "dmz": want one of public, calls, data, egress');
});

describe("an act", () => {
  const run = (args: Partial<Parameters<typeof act>[2]>) =>
    graph({}, () => act(engine(), "act", { script: "echo", environment: {}, ...args }, {}));

  test("runs its script on create and update, keeps out of logs and revokes nothing by default", async () => {
    const { inputs, options } = (await run({})).get(":Command", "act");
    expect(inputs).toEqual({ ...QUIET, environment: { SCRIPT: "echo" } });
    expect(options).toEqual({ deleteBeforeReplace: false, replaceOnChanges: ["triggers[*]"] });
  });

  test("takes secrets on standard input and a script that revokes", async () => {
    const stdin = pulumi.secret("s3cret");
    const { inputs } = (await run({ revoke: "gone", stdin, triggers: ["a"] })).get(":Command", "act");
    expect(inputs).toEqual({
      ...QUIET,
      delete: 'sh -c "$REVOKE_SCRIPT"',
      environment: { SCRIPT: "echo", REVOKE_SCRIPT: "gone" },
      stdin: "[secret]",
      triggers: ["a"],
    });
  });
});

describe("a segment with members", () => {
  const segments = { data: { internal: true, members: ["db", "api"] }, open: { internal: false } };
  const platform = () =>
    new DockerEngine("platform", {
      docker: {},
      filesImage: IMAGE,
      segments: { ...segments, calls: { internal: true } },
    });

  test("takes those that stand there, and one without members takes all", async () => {
    await graph({}, () => {
      expect(platform().membershipProblems("api", ["data", "open", "calls"])).toEqual([]);
    });
  });

  test("refuses all others before they have a container", async () => {
    const args = { image: IMAGE, limit: LIMIT, runtime: RUNTIME, segments: ["data"] };
    const result = await failing({}, () => new Worker("spy", { platform: platform(), ...args }));
    expect(result.failure).toContain(
      [
        'service "spy": 1 problem(s), nothing was changed',
        '  segments.data.members: want "spy" among them, because it joins that segment, got db, api',
        "    fix: declare it there if it may talk to those, or take away what it uses of them",
      ].join("\n"),
    );
    expect(result.ofType(":Container")).toEqual([]);
  });
});

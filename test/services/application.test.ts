import * as path from "node:path";

import { Migration, Worker } from "../../components";
import { bindingProblems, memberships } from "../../components/services/application";
import { engine, IMAGE, LIMIT, RUNTIME } from "../support/fixtures";
import { graph } from "../support/harness";
import { ready } from "../support/services";

const base = () => ({ platform: engine(), image: IMAGE, limit: LIMIT, runtime: RUNTIME });

test("what it uses becomes volumes, variables and segments, each once and in a fixed order", async () => {
  const uses = [
    ready({ credential: "cache", files: { CACHE_URL: "c" }, segment: "data", environment: { CACHE_HOST: "cache" } }),
    ready({ credential: "database", files: { DATABASE_URL: "d" }, segment: "data" }),
    ready(),
  ];
  const result = await graph({}, () => new Worker("jobs", { ...base(), uses, segments: ["egress", "calls", "data"] }));
  const { envs, networksAdvanced, volumes } = result.container("jobs-container");
  expect(envs).toEqual([
    "CACHE_HOST=cache",
    "CACHE_URL_FILE=/run/secrets/CACHE_URL",
    "DATABASE_URL_FILE=/run/secrets/DATABASE_URL",
    "HEARTBEAT_FILE=/tmp/heartbeat",
    "TOKEN_FILE=/run/secrets/TOKEN",
  ]);
  expect(networksAdvanced).toEqual([
    { name: "platform-calls-auto" },
    { name: "platform-data-auto" },
    { name: "platform-egress-auto" },
  ]);
  expect(volumes).toEqual([
    {
      volumeName: expect.stringMatching(/^lunch-bot-dev-jobs-secrets-[0-9a-f]{8}$/) as unknown,
      containerPath: "/run/secrets",
      readOnly: true,
    },
  ]);
  const files = ["Container jobs-secrets-files"];
  expect(result.get(":Container", "jobs-container").options.dependsOn).toEqual(expect.arrayContaining(files));
});

test("source code of this machine covers folders of the image, read-only, and starts by an entrypoint of its own", async () => {
  const source = { folders: { "/app/src": "src", "/app/public": "/elsewhere" }, entrypoint: ["node", "--watch"] };
  const result = await graph({}, () => new Worker("jobs", { ...base(), source, entrypoint: ["node"] }));
  const { entrypoints, volumes } = result.container("jobs-container");
  expect(entrypoints).toEqual(["node", "--watch"]);
  expect(volumes).toEqual([
    { hostPath: "/elsewhere", containerPath: "/app/public", readOnly: true },
    { hostPath: path.resolve("src"), containerPath: "/app/src", readOnly: true },
  ]);
});

test("an image with an init process of its own gets none", async () => {
  const result = await graph({}, () => new Worker("jobs", { ...base(), init: false }));
  expect(result.container("jobs-container").init).toBeUndefined();
});

test("its own settings win over what a binding suggests", async () => {
  const uses = [ready({ environment: { KAFKA_CLIENT_ID: "jobs" } })];
  const environment = { KAFKA_CLIENT_ID: "special" };
  const result = await graph({}, () => new Worker("jobs", { ...base(), uses, environment }));
  expect(result.container("jobs-container").envs).toContain("KAFKA_CLIENT_ID=special");
});

test("it waits for the readiness of others, not only for their containers", async () => {
  const result = await graph({}, () => {
    const args = base();
    const migrate = new Migration("migrate", args);
    return new Worker("jobs", { ...args, after: [migrate] });
  });
  expect(result.get(":Container", "jobs-container").options.dependsOn).toContain("Command migrate-gate");
});

test("secrets belong to the user that the container runs as", async () => {
  const result = await graph({}, () => new Worker("jobs", { ...base(), uses: [ready()], user: "2000:3000" }));
  const { user, tmpfs } = result.container("jobs-container");
  expect(user).toBe("2000:3000");
  expect(tmpfs["/tmp"]).toContain("uid=2000,gid=3000,");
  expect(result.container("jobs-secrets-files").uploads).toMatchObject([{ owner: "2000", group: "3000" }]);
});

test("nobody is root by default, and the size of /tmp can be set", async () => {
  const result = await graph({}, () => new Worker("jobs", { ...base(), tmpMiB: 5 }));
  expect(result.container("jobs-container").user).toBe("10001:10001");
  expect(result.container("jobs-container").tmpfs).toEqual({
    "/tmp": "uid=10001,gid=10001,mode=0700,size=5m,noexec,nosuid,nodev",
  });
});

test("memberships are sorted, unique and free of gaps", () => {
  expect(memberships(["data", undefined, "calls", "data"])).toEqual([{ segment: "calls" }, { segment: "data" }]);
});

test("two bindings must not give the same variable", () => {
  const database = { credential: "database", files: { DATABASE_URL: "d" } };
  const cache = { credential: "cache", files: { CACHE_URL: "c" } };
  expect(bindingProblems([database, cache])).toEqual([]);
  expect(bindingProblems([database, cache, { ...database, credential: "archive" }])).toEqual([
    { path: "uses", want: "one that gives DATABASE_URL", got: "several", fix: "give each its own variable" },
  ]);
});

describe("what it starts without", () => {
  const kafka = ready();
  const other = ready();
  const worker = (more: object) => graph({}, () => new Worker("jobs", { ...base(), uses: [kafka], ...more }));

  test("is not waited for by its container, but by its gate", async () => {
    const bind = jest.spyOn(kafka, "bind");
    await worker({ startsWithout: [kafka] });
    await worker({});
    expect(bind.mock.calls.map(([consumer]) => consumer.startsWithout)).toEqual([true, false]);
  });

  test.each([
    ["a stranger", { startsWithout: [other] }, "startsWithout: want only what stands under uses, got 1 other(s)"],
    [
      "a service that stops first",
      { startsWithout: [kafka], overlap: false },
      "startsWithout: want nothing with overlap: false, got 1",
    ],
  ])("is an error for %s", async (_, more, message) => {
    await expect(worker(more)).rejects.toThrow(message);
  });
});

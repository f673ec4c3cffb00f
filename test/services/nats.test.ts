import { Consumer } from "../../components";
import { scriptText } from "../../components/platform/script";
import { Nats, NatsArgs, natsFiles } from "../../components/services/nats";
import { serverConfig, userLine } from "../../components/services/nats-config";
import { engine, HARDENED, IMAGE, labels, LIMIT } from "../support/fixtures";
import { failing, graph, hexOf } from "../support/harness";
import { bound, loginParameters, markedLoginScripts, serverArgs } from "../support/services";
import { ROOT } from "../support/stacks";

const SERVICES = `${ROOT}/components/services`;
const make = (changes: Partial<NatsArgs> = {}) =>
  graph({}, () => new Nats("nats", { ...serverArgs(engine()), prefix: "shop.", ...changes }));

test("a server is a container on protected data and its own configuration, and its gate", async () => {
  const result = await make();
  expect(result.childrenOf("Nats nats")).toEqual([
    "Command nats-gate",
    "Container nats-container",
    "Container nats-files",
    "RandomId nats-volume-id",
    "Volume nats-data",
    "Volume nats-volume",
  ]);
  expect(result.get(":Volume", "nats-data").options.protect).toBe(true);
});

test("the container", async () => {
  const result = await make();
  const { inputs, options } = result.get(":Container", "nats-container");
  expect(inputs).toEqual({
    ...HARDENED,
    name: "lunch-bot-dev-nats",
    image: IMAGE,
    user: "1000:1000",
    entrypoints: ["sh", "/etc/dockwright/start.sh"],
    envs: ["GOMEMLIMIT=204MiB"],
    labels: labels("nats", "service"),
    cpus: "0.5",
    memory: 256,
    memorySwap: 256,
    // Nothing but the data volume can be written to.
    tmpfs: {},
    volumes: [
      { volumeName: "lunch-bot-dev-nats-data", containerPath: "/var/tmp", readOnly: false },
      {
        volumeName: result.get(":Volume", "nats-volume").inputs.name as string,
        containerPath: "/etc/dockwright",
        readOnly: true,
      },
    ],
    networksAdvanced: [{ name: "platform-data-auto", aliases: ["nats"] }],
    ports: [],
    healthcheck: {
      tests: ["CMD-SHELL", "sh /etc/dockwright/health.sh"],
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
  expect(options.deleteBeforeReplace).toBe(true);
});

test("a consumer gets a user of its own, limited to the prefix and its inbox", async () => {
  const { result, binding, files } = await bound(
    (platform) => new Nats("nats", { ...serverArgs(platform), prefix: "shop." }),
  );
  const username = `app_my_api_${hexOf("my-api-broker-secret", { generation: "1" })}`;
  expect(binding).toMatchObject({
    credential: "broker",
    segment: "data",
    environment: {
      NATS_URL: "nats://nats:4222",
      NATS_SUBJECT_PREFIX: "shop.",
      NATS_INBOX_PREFIX: "_INBOX.my-api",
      NATS_CLIENT_NAME: "my-api",
    },
  });
  const password = "pw-my-api-broker-secret";
  expect(JSON.parse(files.NATS_CREDENTIALS ?? "")).toEqual({ username, password });
  const { inputs, revealed, options } = result.get(":Command", "my-api-broker-login");
  expect(revealed.stdin).toBe(`${userLine({ service: "my-api", prefix: "shop." }, username, password)}\n${password}\n`);
  expect(inputs).toMatchObject({
    delete: 'sh -c "$REVOKE_SCRIPT"',
    environment: {
      ...markedLoginScripts("nats", "/var/tmp"),
      ...loginParameters("nats", "1000:1000"),
      USERS: scriptText(SERVICES, "nats-users.sh"),
      LOGIN: username,
    },
    stdin: "[secret]",
  });
  expect(options.dependsOn).toContain("Command nats-gate");
});

test("a consumer with an access of its own gets its rights", async () => {
  const access = { publishes: ["orders"], streams: ["shop_orders"] };
  const { result } = await bound((platform) => {
    const nats = new Nats("nats", { ...serverArgs(platform), prefix: "shop." });
    const limited = nats.access(access);
    return Object.assign(nats, { bind: (consumer: Consumer) => limited.bind(consumer) });
  });
  const username = `app_my_api_${hexOf("my-api-broker-secret", { generation: "1" })}`;
  const password = "pw-my-api-broker-secret";
  expect(result.get(":Command", "my-api-broker-login").revealed.stdin).toBe(
    `${userLine({ service: "my-api", prefix: "shop.", access }, username, password)}\n${password}\n`,
  );
});

test("a wrong access is told all at once", async () => {
  const { failure } = await failing({}, () => {
    new Nats("nats", { ...serverArgs(engine()), prefix: "shop." }).access({ publishes: [""], streams: ["a.b"] });
  });
  expect(failure).toBe(
    [
      'access to Nats "nats": 2 problem(s), nothing was changed',
      '  publishes: want a subject without the prefix, such as "orders" or "orders.>", got ""',
      '  streams: want a name of letters, digits, dashes and underscores, at most 200, got "a.b"',
    ].join("\n"),
  );
});

test("every service and every generation is another user", async () => {
  const credentials = async (generation: number) =>
    (await bound((platform) => new Nats("nats", { ...serverArgs(platform), prefix: "shop.", generation }))).files
      .NATS_CREDENTIALS;
  expect(await credentials(2)).not.toBe(await credentials(1));
  expect(await credentials(1)).toBe(await credentials(1));
});

describe("configuration", () => {
  const files = (changes: Partial<NatsArgs> = {}) =>
    natsFiles("nats", { limit: LIMIT, prefix: "shop.", ...changes } as NatsArgs);

  test("limits follow the arguments and the memory limit, monitoring stays inside", () => {
    const limits = { storeMiB: 1024, memoryStoreMiB: 64, maxStreams: 32, maxConsumers: 128 };
    const server = { name: "nats", prefix: "shop.", monitoringAddress: "127.0.0.1" };
    expect(files()["nats.conf"]).toBe(serverConfig(server, limits, "users.conf"));
    const chosen = { storeMiB: 10, memoryStoreMiB: 5, maxStreams: 2, maxConsumers: 3 };
    expect(files(chosen)["nats.conf"]).toBe(serverConfig(server, chosen, "users.conf"));
  });

  test("a list of users is checked in the same surroundings that it will be loaded in", () => {
    const { "nats.conf": current, "next.conf": next } = files();
    expect(next).not.toBe(current);
    expect(next?.replace("users.next.conf", "users.conf")).toBe(current);
  });
});

test("published monitoring listens on the container's addresses and joins a segment that is not internal", async () => {
  const publish = { hostPort: 8222, segment: "public" };
  const { ports, networksAdvanced } = (await make({ publish })).container("nats-container");
  expect(ports).toEqual([{ internal: 8222, external: 8222, ip: "127.0.0.1", protocol: "tcp" }]);
  expect(networksAdvanced).toEqual([
    { name: "platform-data-auto", aliases: ["nats"] },
    { name: "platform-public-auto" },
  ]);
  const { "nats.conf": config } = natsFiles("nats", { limit: LIMIT, prefix: "shop.", publish } as NatsArgs);
  expect(config).toContain('\nhttp: "0.0.0.0:8222"\n');
});

test("wrong arguments are told all at once, before anything is made of them", async () => {
  const { failure, nodes } = await failing({}, () => {
    const limit = { cpus: 1, memoryMiB: 5 };
    new Nats("Nats", { ...serverArgs(engine()), limit, prefix: "shop", memoryStoreMiB: 100 });
  });
  expect(failure).toBe(
    [
      'Nats "Nats": 4 problem(s), nothing was changed',
      "  service: want lower-case letters, digits and dashes, at most 40: it becomes a host name, got Nats",
      "  limit.memoryMiB: want 6 or more, got 5",
      '  prefix: want parts of a subject with a dot behind each, such as "shop.": at most 200 characters, and none of NATS itself, got shop',
      "  memoryStoreMiB: want at most 2, half of limit.memoryMiB, got 100",
    ].join("\n"),
  );
  expect(nodes.filter(({ type }) => type.endsWith(":Container"))).toEqual([]);
});

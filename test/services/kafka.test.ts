import { Kafka, KafkaArgs } from "../../components";
import { scriptText } from "../../components/platform/script";
import { kafkaConfig } from "../../components/services/kafka";
import { KAFKA_PREFIX } from "../../components/settings/server-names";
import { engine, HARDENED, IMAGE, labels } from "../support/fixtures";
import { createAcls, scramCredential, scramProofKeys, upsertScram } from "../../components/services/kafka-wire";
import { failing, graph, hexOf } from "../support/harness";
import { bound, loginParameters, markedLoginScripts, serverArgs } from "../support/services";
import { ROOT } from "../support/stacks";

const SERVICES = `${ROOT}/components/services`;
const make = (changes: Partial<KafkaArgs> = {}) =>
  graph({}, () => new Kafka("kafka", { ...serverArgs(engine()), prefix: "shop.", ...changes }));

test("a broker is a container on protected data and its own configuration, and its gate", async () => {
  expect((await make()).childrenOf("Kafka kafka")).toEqual([
    "Command kafka-gate",
    "Container kafka-container",
    "Container kafka-files",
    "RandomId kafka-volume-id",
    "Volume kafka-data",
    "Volume kafka-volume",
  ]);
});

test("the container", async () => {
  const result = await make({ limit: { cpus: 1, memoryMiB: 1024 } });
  const { inputs, options } = result.get(":Container", "kafka-container");
  expect(inputs).toEqual({
    ...HARDENED,
    name: "lunch-bot-dev-kafka",
    image: IMAGE,
    user: "1000:1000",
    entrypoints: ["bash", "/etc/dockwright/start.sh"],
    // Heap is part of the limit: the JVM needs as much again beside it.
    envs: ["KAFKA_HEAP_OPTS=-Xms204m -Xmx409m", "LOG_DIR=/tmp/logs"],
    labels: labels("kafka", "service"),
    cpus: "1.0",
    memory: 1024,
    memorySwap: 1024,
    tmpfs: { "/tmp": "uid=1000,gid=1000,mode=0700,size=64m,exec,nosuid,nodev" },
    volumes: [
      { volumeName: "lunch-bot-dev-kafka-data", containerPath: "/var/lib/kafka/data", readOnly: false },
      {
        volumeName: result.get(":Volume", "kafka-volume").inputs.name as string,
        containerPath: "/etc/dockwright",
        readOnly: true,
      },
    ],
    networksAdvanced: [{ name: "platform-data-auto", aliases: ["kafka"] }],
    ports: [],
    healthcheck: {
      tests: ["CMD-SHELL", "bash /etc/dockwright/health.sh"],
      interval: "10s",
      timeout: "5s",
      retries: 3,
      startPeriod: "1m0s",
    },
    mustRun: true,
    restart: "unless-stopped",
    stopSignal: "SIGTERM",
    stopTimeout: 60,
    destroyGraceSeconds: 60,
    wait: false,
  });
  expect(options.deleteBeforeReplace).toBe(true);
});

test("a consumer gets a principal of its own, limited to the prefix", async () => {
  const { result, binding, files } = await bound(
    (platform) => new Kafka("kafka", { ...serverArgs(platform), prefix: "shop." }),
  );
  const username = `app_my_api_${hexOf("my-api-broker-secret", { generation: "1" })}`;
  expect(binding).toMatchObject({
    credential: "broker",
    segment: "data",
    environment: {
      KAFKA_BROKER_URL: "kafka:29092",
      KAFKA_TOPIC_PREFIX: "shop.",
      KAFKA_GROUP_PREFIX: "shop.",
      KAFKA_CLIENT_ID: "my-api",
    },
  });
  expect(JSON.parse(files.KAFKA_CREDENTIALS ?? "")).toEqual({
    mechanism: "SCRAM-SHA-512",
    username,
    password: "pw-my-api-broker-secret",
  });
  const { inputs, revealed } = result.get(":Command", "my-api-broker-login");
  const credential = scramCredential(username, "pw-my-api-broker-secret");
  const { inner, outer, client } = scramProofKeys(credential);
  expect(revealed.stdin).toBe(`${upsertScram(credential).toString("hex")}\n${inner} ${outer} ${client}\n`);
  expect(inputs).toMatchObject({
    delete: 'sh -c "$REVOKE_SCRIPT"',
    environment: {
      ...markedLoginScripts("kafka", "/var/lib/kafka/data"),
      WIRE: scriptText(SERVICES, "kafka-wire.sh"),
      ...loginParameters("kafka", "1000:1000"),
      ADMIN_ADDRESS: "127.0.0.1:9094",
      CLIENT_ADDRESS: "kafka:29092",
      MECHANISM: "SCRAM-SHA-512",
      CREATE_RIGHTS: createAcls(username, "shop.").toString("hex"),
      LOGIN: username,
    },
    stdin: "[secret]",
  });
});

describe("configuration", () => {
  const properties = new Map(
    (kafkaConfig("kafka")["server.properties"] ?? "")
      .trimEnd()
      .split("\n")
      .map((line) => line.split(/=(.*)/s, 2) as [string, string]),
  );

  test("only the listener with logins leaves the container", () => {
    const listeners = properties.get("listeners")?.split(",") ?? [];
    expect(listeners.filter((listener) => !listener.includes("//127.0.0.1:"))).toEqual(["CLIENT://0.0.0.0:29092"]);
    expect(properties.get("listener.security.protocol.map")).toContain("CLIENT:SASL_PLAINTEXT");
    expect(properties.get("advertised.listeners")).toBe("INTERNAL://127.0.0.1:9094,CLIENT://kafka:29092");
  });

  test("rights are checked, topics are made on purpose, and sessions of retired principals end", () => {
    expect(properties.get("authorizer.class.name")).toBe("org.apache.kafka.metadata.authorizer.StandardAuthorizer");
    expect(properties.get("allow.everyone.if.no.acl.found")).toBeUndefined();
    expect(properties.get("super.users")).toBe("User:ANONYMOUS");
    expect(properties.get("auto.create.topics.enable")).toBe("false");
    // kafkajs breaks at 10 s and less.
    expect(Number(properties.get("connections.max.reauth.ms"))).toBeGreaterThan(10_000);
  });
});

test("wrong arguments are told all at once, before anything is made of them", async () => {
  const { failure, nodes } = await failing({}, () => {
    new Kafka("Kafka", { ...serverArgs(engine()), prefix: "__" });
  });
  expect(failure).toBe(
    [
      'Kafka "Kafka": 2 problem(s), nothing was changed',
      "  service: want lower-case letters, digits and dashes, at most 40: it becomes a host name, got Kafka",
      `  prefix: want ${KAFKA_PREFIX.want}, got __`,
    ].join("\n"),
  );
  expect(nodes.filter(({ type }) => type.endsWith(":Container"))).toEqual([]);
});

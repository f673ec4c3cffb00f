import * as pulumi from "@pulumi/pulumi";

import { scriptText } from "../platform/script";
import { ServiceSpec } from "../platform/service-spec";
import { RenderedService, renderService } from "../platform/service-resources";
import { specProblems } from "../platform/spec-problems";
import { Bindable, Binding, Consumer } from "../secrets/binding";
import { Login, LoginServer } from "../secrets/login";
import { report } from "../settings/problems";
import { KAFKA_PREFIX, nameProblems } from "../settings/server-names";
import { BackingServiceArgs, CONFIG_PATH, loginEnvironment, markedLogins, stateVolumes } from "./backing-service";
import { IMAGE_FACTS } from "./image-facts";
import { createAcls, scramCredential, scramProofKeys, upsertScram } from "./kafka-wire";

/** Arguments of {@link Kafka}. */
export interface KafkaArgs extends BackingServiceArgs {
  /**
   * Topics, consumer groups and transactional ids that start with this belong to the applications: at most 200 letters,
   * digits, `_`, `-` and `.`, and not two underscores at the beginning, which stand for Kafka's own.
   */
  readonly prefix: string;
}

const PORT = 29092;
/** Administration and health: loopback only, and the only listener without a login. */
const INTERNAL_PORT = 9094;
const CONTROLLER_PORT = 9093;
/** Part of the memory limit for the heap; the JVM needs about 250 MiB beside it. */
const HEAP_SHARE = 0.4;
const SCRAM_MECHANISM = "SCRAM-SHA-512";
/** Its length stands in one byte of the request that retires a principal. */
const LONGEST_NAME = 126;

/**
 * One Kafka broker in KRaft mode with a SCRAM principal for each service and generation, limited to a prefix.
 * A principal is retired by overwriting its password: deleting one locks out all others at the next start of 4.1.
 */
export class Kafka extends pulumi.ComponentResource implements Bindable {
  /** Its containers, and what to wait for until they are ready. */
  readonly service: RenderedService;
  private readonly server: LoginServer;

  constructor(
    private readonly name: string,
    private readonly args: KafkaArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("dockwright:messaging:Kafka", name, {}, opts);
    const { platform, limit, prefix } = args;
    const facts = IMAGE_FACTS.kafka[args.variant ?? "debian"];
    const problems = nameProblems([["prefix", prefix, KAFKA_PREFIX]]);
    report(`Kafka "${name}"`, [...specProblems({ service: name, user: facts.user, limit }), ...problems], this);
    const volumes = stateVolumes(name, args, kafkaConfig(name), facts, this);
    this.service = renderService(platform, kafkaSpec(name, args, volumes.mounts), {
      parent: this,
      dependsOn: volumes.dependsOn,
      transform: args.transform,
    });
    const marked = markedLogins("kafka", facts);
    this.server = {
      platform,
      credential: "broker",
      userPrefix: "app",
      longestName: LONGEST_NAME,
      ...marked,
      environment: {
        ...loginEnvironment(name, args, facts.user),
        ...marked.environment,
        ADMIN_ADDRESS: `127.0.0.1:${INTERNAL_PORT}`,
        CLIENT_ADDRESS: `${name}:${PORT}`,
        MECHANISM: SCRAM_MECHANISM,
        WIRE: scriptText(__dirname, "kafka-wire.sh"),
        PROOF: scriptText(__dirname, "kafka-proof.sh"),
      },
      parametersOf: (username) => ({
        CREATE_RIGHTS: username.apply((user) => createAcls(user, prefix).toString("hex")),
      }),
      standardInput: (username, password) => {
        const credential = scramCredential(username, password);
        const { inner, outer, client } = scramProofKeys(credential);
        return `${upsertScram(credential).toString("hex")}\n${inner} ${outer} ${client}\n`;
      },
      containers: this.service.containers,
      ready: this.service.ready,
    };
    this.registerOutputs({});
  }

  /**
   * A login for the consumer. File `KAFKA_CREDENTIALS`: `{"mechanism","username","password"}`;
   * variable `KAFKA_BROKER_URL`: host and port. It may make, write and read topics of the prefix; it may neither delete
   * topics, records and groups nor add partitions, nor see or change the settings of a topic.
   */
  bind({ service, parent, startsWithout }: Consumer): Binding {
    const { generation = 1, segment, prefix } = this.args;
    const login = new Login(
      `${service}-broker`,
      { server: this.server, service, generation, startsWithout },
      { parent },
    );
    return {
      credential: this.server.credential,
      files: {
        KAFKA_CREDENTIALS: pulumi.jsonStringify({
          mechanism: SCRAM_MECHANISM,
          username: login.username,
          password: login.password,
        }),
      },
      environment: {
        KAFKA_BROKER_URL: `${this.name}:${PORT}`,
        KAFKA_TOPIC_PREFIX: prefix,
        KAFKA_GROUP_PREFIX: prefix,
        KAFKA_CLIENT_ID: service,
      },
      segment,
      ...login.order,
    };
  }
}

/** The spec of a Kafka broker. */
export function kafkaSpec(name: string, args: KafkaArgs, mounts: ServiceSpec["mounts"]): ServiceSpec {
  const heapMiB = Math.floor(args.limit.memoryMiB * HEAP_SHARE);
  return {
    service: name,
    image: args.image,
    user: IMAGE_FACTS.kafka[args.variant ?? "debian"].user,
    entrypoint: ["bash", `${CONFIG_PATH}/start.sh`],
    environment: { KAFKA_HEAP_OPTS: `-Xms${Math.floor(heapMiB / 2)}m -Xmx${heapMiB}m`, LOG_DIR: "/tmp/logs" },
    mounts,
    // Compression libraries unpack native code there.
    tmpfs: [{ path: "/tmp", sizeMiB: 64, executable: true }],
    networks: [{ segment: args.segment, aliases: [name] }],
    limit: args.limit,
    health: {
      command: `bash ${CONFIG_PATH}/health.sh`,
      intervalSeconds: args.runtime.healthIntervalSeconds,
      startPeriodSeconds: 60,
    },
    stop: { graceSeconds: 60 },
    restart: args.runtime.restart,
    update: "stop-first",
  };
}

/** Files under {@link CONFIG_PATH}. */
export function kafkaConfig(name: string): Record<string, string> {
  return {
    "start.sh": scriptText(__dirname, "kafka-start.sh"),
    "health.sh": scriptText(__dirname, "kafka-health.sh"),
    "server.properties": properties(serverProperties(name)),
  };
}

function serverProperties(name: string): Record<string, string | number> {
  return {
    "process.roles": "broker,controller",
    "node.id": 1,
    "controller.quorum.voters": `1@127.0.0.1:${CONTROLLER_PORT}`,
    "controller.listener.names": "CONTROLLER",
    "inter.broker.listener.name": "INTERNAL",
    listeners: `CONTROLLER://127.0.0.1:${CONTROLLER_PORT},INTERNAL://127.0.0.1:${INTERNAL_PORT},CLIENT://0.0.0.0:${PORT}`,
    "advertised.listeners": `INTERNAL://127.0.0.1:${INTERNAL_PORT},CLIENT://${name}:${PORT}`,
    "listener.security.protocol.map": "CONTROLLER:PLAINTEXT,INTERNAL:PLAINTEXT,CLIENT:SASL_PLAINTEXT",
    "sasl.enabled.mechanisms": SCRAM_MECHANISM,
    [`listener.name.client.${SCRAM_MECHANISM.toLowerCase()}.sasl.jaas.config`]:
      "org.apache.kafka.common.security.scram.ScramLoginModule required;",
    // Ends sessions of a retired principal; 10 s and less break kafkajs.
    "connections.max.reauth.ms": 30000,
    "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
    // Anonymous are only the loopback listeners, reachable from inside this container alone.
    "super.users": "User:ANONYMOUS",
    "log.dirs": "/var/lib/kafka/data/logs",
    "auto.create.topics.enable": "false",
    "offsets.topic.replication.factor": 1,
    "transaction.state.log.replication.factor": 1,
    "transaction.state.log.min.isr": 1,
    "group.initial.rebalance.delay.ms": 0,
    // Back 6 s earlier after a crash than with the defaults.
    "broker.session.timeout.ms": 3000,
    "broker.heartbeat.interval.ms": 500,
  };
}

function properties(values: Record<string, string | number>): string {
  return Object.entries(values)
    .map(([key, value]) => `${key}=${value}\n`)
    .join("");
}

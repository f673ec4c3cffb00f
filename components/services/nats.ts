import * as pulumi from "@pulumi/pulumi";

import { scriptText } from "../platform/script";
import { RenderedService, renderService } from "../platform/service-resources";
import { ServiceSpec } from "../platform/service-spec";
import { specProblems } from "../platform/spec-problems";
import { Bindable, Binding, Consumer } from "../secrets/binding";
import { Login, LoginServer } from "../secrets/login";
import { report } from "../settings/problems";
import { BackingServiceArgs, CONFIG_PATH, loginEnvironment, markedLogins, stateVolumes } from "./backing-service";
import { IMAGE_FACTS } from "./image-facts";
import { accessProblems, inboxPrefix, NatsAccess } from "./nats-access";
import { CLIENT_PORT, MONITORING_PORT, NatsLimits, natsProblems, serverConfig, userLine } from "./nats-config";
import { Publication, reachedOn } from "./published";

/** Arguments of {@link Nats}. The image needs a shell: the official one has it in its Alpine variant only. */
export interface NatsArgs extends BackingServiceArgs {
  /** Subjects that start with this belong to the applications; it ends with a dot. */
  readonly prefix: string;
  /** Most disk that streams may take, in MiB. @default 1024 */
  readonly storeMiB?: number;
  /** Most memory that streams kept in memory may take, in MiB; at most half of the limit. @default a quarter of the limit */
  readonly memoryStoreMiB?: number;
  /** Streams at once. @default 32 */
  readonly maxStreams?: number;
  /** Consumers of one stream at once. @default 128 */
  readonly maxConsumers?: number;
  /** The monitoring page on the host, for development: everybody who reaches it reads it. @default only inside */
  readonly publish?: Publication;
}

/** Share of the memory limit at which Go collects more eagerly, before the kernel ends the process. */
const GO_MEMORY_SHARE = 0.8;
const MEMORY_STORE_SHARE = 0.25;

/**
 * One NATS server with JetStream and a user for each service and generation, limited to a prefix and an inbox of its
 * own; nobody else may log in. Streams lie in an account of their own, which no inbox reaches. A change of users is loaded
 * into the running server, and the clients of others stay.
 */
export class Nats extends pulumi.ComponentResource implements Bindable {
  /** Its containers, and what to wait for until they are ready. */
  readonly service: RenderedService;
  private readonly server: LoginServer;

  constructor(
    private readonly name: string,
    private readonly args: NatsArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("dockwright:messaging:Nats", name, {}, opts);
    const { platform, limit, prefix } = args;
    const facts = IMAGE_FACTS.nats[args.variant ?? "debian"];
    const problems = natsProblems(prefix, natsLimits(args).memoryStoreMiB, limit.memoryMiB);
    report(`Nats "${name}"`, [...specProblems({ service: name, user: facts.user, limit }), ...problems], this);
    const volumes = stateVolumes(name, args, natsFiles(name, args), facts, this);
    this.service = renderService(platform, natsSpec(name, args, volumes.mounts), {
      parent: this,
      dependsOn: volumes.dependsOn,
      transform: args.transform,
    });
    const marked = markedLogins("nats", facts);
    this.server = {
      platform,
      credential: "broker",
      userPrefix: "app",
      ...marked,
      environment: {
        ...loginEnvironment(name, args, facts.user),
        ...marked.environment,
        USERS: scriptText(__dirname, "nats-users.sh"),
      },
      containers: this.service.containers,
      ready: this.service.ready,
    };
    this.registerOutputs({});
  }

  /**
   * A login for the consumer. File `NATS_CREDENTIALS`: `{"username","password"}`; variables `NATS_URL`,
   * `NATS_SUBJECT_PREFIX`, `NATS_INBOX_PREFIX` and `NATS_CLIENT_NAME`. It may publish and subscribe under the prefix, make
   * and use all streams and buckets, which get nothing but subjects of the prefix, answer to all inboxes, and read the
   * inbox that is its own: the client has to be told that inbox. Consumers that push deliver to inboxes alone, and what a
   * stream republishes is not heard.
   */
  bind(consumer: Consumer): Binding {
    return this.bindWith(consumer, undefined);
  }

  /** For a service that is to have less than everything under the prefix: `uses: [nats.access({ publishes: ["orders"] })]`. */
  access(access: NatsAccess): Bindable & Pick<Nats, "service"> {
    report(`access to Nats "${this.name}"`, accessProblems(access), this);
    return { service: this.service, bind: (consumer) => this.bindWith(consumer, access) };
  }

  private bindWith({ service, parent, startsWithout }: Consumer, access: NatsAccess | undefined): Binding {
    const { generation = 1, segment, prefix } = this.args;
    const server: LoginServer = {
      ...this.server,
      standardInput: (username, password) =>
        `${userLine({ service, prefix, access }, username, password)}\n${password}\n`,
    };
    const login = new Login(`${service}-broker`, { server, service, generation, startsWithout }, { parent });
    return {
      credential: server.credential,
      files: { NATS_CREDENTIALS: pulumi.jsonStringify({ username: login.username, password: login.password }) },
      environment: {
        NATS_URL: `nats://${this.name}:${CLIENT_PORT}`,
        NATS_SUBJECT_PREFIX: prefix,
        NATS_INBOX_PREFIX: inboxPrefix(service),
        NATS_CLIENT_NAME: service,
      },
      segment,
      ...login.order,
    };
  }
}

/** The spec of a NATS server. */
export function natsSpec(name: string, args: NatsArgs, mounts: ServiceSpec["mounts"]): ServiceSpec {
  const { limit, runtime } = args;
  return {
    service: name,
    image: args.image,
    user: IMAGE_FACTS.nats[args.variant ?? "debian"].user,
    entrypoint: ["sh", `${CONFIG_PATH}/start.sh`],
    environment: { GOMEMLIMIT: `${Math.floor(limit.memoryMiB * GO_MEMORY_SHARE)}MiB` },
    mounts,
    tmpfs: [],
    ...reachedOn(args.segment, name, MONITORING_PORT, args.publish),
    limit,
    health: {
      command: `sh ${CONFIG_PATH}/health.sh`,
      intervalSeconds: runtime.healthIntervalSeconds,
      startPeriodSeconds: 30,
    },
    stop: { graceSeconds: 30 },
    restart: runtime.restart,
    update: "stop-first",
  };
}

/** Files under {@link CONFIG_PATH}. */
export function natsFiles(name: string, args: NatsArgs): Record<string, string> {
  const server = { name, prefix: args.prefix, monitoringAddress: args.publish ? "0.0.0.0" : "127.0.0.1" };
  const config = (users: string) => serverConfig(server, natsLimits(args), users);
  return {
    "start.sh": scriptText(__dirname, "nats-start.sh"),
    "health.sh": scriptText(__dirname, "nats-health.sh"),
    "nats.conf": config("users.conf"),
    // The same with a list of users that is yet to be accepted.
    "next.conf": config("users.next.conf"),
  };
}

function natsLimits({ limit, ...args }: NatsArgs): NatsLimits {
  return {
    storeMiB: args.storeMiB ?? 1024,
    memoryStoreMiB: args.memoryStoreMiB ?? Math.floor(limit.memoryMiB * MEMORY_STORE_SHARE),
    maxStreams: args.maxStreams ?? 32,
    maxConsumers: args.maxConsumers ?? 128,
  };
}

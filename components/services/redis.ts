import * as pulumi from "@pulumi/pulumi";

import { scriptText } from "../platform/script";
import { ServiceSpec } from "../platform/service-spec";
import { RenderedService, renderService } from "../platform/service-resources";
import { specProblems } from "../platform/spec-problems";
import { Bindable, Binding, Consumer } from "../secrets/binding";
import { Login, LoginServer } from "../secrets/login";
import { report } from "../settings/problems";
import { nameProblems, REDIS_USER_PREFIX } from "../settings/server-names";
import { BackingServiceArgs, CONFIG_PATH, loginEnvironment, markedLogins, stateVolumes } from "./backing-service";
import { IMAGE_FACTS } from "./image-facts";
import { RedisAccess, redisAccessProblems, redisPrefixProblems, redisRights } from "./redis-access";

/** Arguments of {@link Redis}. */
export interface RedisArgs extends BackingServiceArgs {
  /** Keys and channels that start with this belong to the applications; the empty text stands for all. */
  readonly prefix: string;
  /** First part of every login's name: at most 63 letters, digits, `_`, `-` and `.`. @default "app" */
  readonly userPrefix?: string;
}

const PORT = 6379;
/** Share of the memory limit for data: a fork for the append-only file needs the rest. */
const DATA_SHARE = 0.6;

/**
 * Redis with an append-only file and a persistent ACL user for each service and generation, limited to the keys and
 * channels of a prefix; nobody else may log in. Names of keys are seen by all of them: Redis does not limit SCAN.
 */
export class Redis extends pulumi.ComponentResource implements Bindable {
  /** Its containers, and what to wait for until they are ready. */
  readonly service: RenderedService;
  private readonly server: LoginServer;

  constructor(
    private readonly name: string,
    private readonly args: RedisArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("dockwright:data:Redis", name, {}, opts);
    const { platform, limit, userPrefix = "app" } = args;
    const facts = IMAGE_FACTS.redis[args.variant ?? "debian"];
    const problems = [
      ...specProblems({ service: name, user: facts.user, limit }),
      ...nameProblems([["userPrefix", userPrefix, REDIS_USER_PREFIX]]),
      ...redisPrefixProblems(args.prefix),
    ];
    report(`Redis "${name}"`, problems, this);
    const volumes = stateVolumes(name, args, redisConfig(args), facts, this);
    this.service = renderService(platform, redisSpec(name, args, volumes.mounts), {
      parent: this,
      dependsOn: volumes.dependsOn,
      transform: args.transform,
    });
    const marked = markedLogins("redis", facts);
    this.server = {
      platform,
      credential: "cache",
      userPrefix,
      ...marked,
      environment: { ...loginEnvironment(name, args, facts.user), ...marked.environment },
      containers: this.service.containers,
      ready: this.service.ready,
    };
    this.registerOutputs({});
  }

  /**
   * A login for the consumer. File `REDIS_URL`: the whole URL with user and password; variable `REDIS_KEY_PREFIX`. It may
   * use the keys and channels of the prefix, and all commands but those that administer the server, that Redis calls
   * dangerous, and that change functions or what others have loaded.
   */
  bind(consumer: Consumer): Binding {
    return this.bindWith(consumer, {});
  }

  /** For a service with needs of its own: `uses: [redis.access({ commands: ["keys"] })]`. */
  access(access: RedisAccess): Bindable & Pick<Redis, "service"> {
    report(`access to Redis "${this.name}"`, redisAccessProblems(access), this);
    return { service: this.service, bind: (consumer) => this.bindWith(consumer, access) };
  }

  private bindWith({ service, parent, startsWithout }: Consumer, access: RedisAccess): Binding {
    const { generation = 1, prefix, segment } = this.args;
    const environment = { ...this.server.environment, RIGHTS: redisRights(prefix, access) };
    const server = { ...this.server, environment };
    const login = new Login(`${service}-cache`, { server, service, generation, startsWithout }, { parent });
    return {
      credential: server.credential,
      files: { REDIS_URL: pulumi.interpolate`redis://${login.username}:${login.password}@${this.name}:${PORT}/0` },
      environment: { REDIS_KEY_PREFIX: prefix },
      segment,
      ...login.order,
    };
  }
}

/** The spec of a Redis server. */
export function redisSpec(name: string, args: RedisArgs, mounts: ServiceSpec["mounts"]): ServiceSpec {
  const { user } = IMAGE_FACTS.redis[args.variant ?? "debian"];
  return {
    service: name,
    image: args.image,
    user,
    entrypoint: ["sh", `${CONFIG_PATH}/start.sh`],
    environment: { REDIS_PORT: String(PORT) },
    mounts,
    tmpfs: [{ path: "/run/dockwright", sizeMiB: 1 }],
    networks: [{ segment: args.segment, aliases: [name] }],
    limit: args.limit,
    health: {
      command: `sh ${CONFIG_PATH}/health.sh`,
      intervalSeconds: args.runtime.healthIntervalSeconds,
      startPeriodSeconds: 30,
    },
    stop: { graceSeconds: 60 },
    restart: args.runtime.restart,
    update: "stop-first",
  };
}

/** Files under {@link CONFIG_PATH}. */
export function redisConfig({ limit }: RedisArgs): Record<string, string> {
  return {
    "start.sh": scriptText(__dirname, "redis-start.sh"),
    "health.sh": scriptText(__dirname, "redis-health.sh"),
    "redis.conf": [
      `port ${PORT}`,
      "dir /data",
      "appendonly yes",
      "appendfsync everysec",
      "aclfile /data/users.acl",
      `maxmemory ${Math.floor(limit.memoryMiB * DATA_SHARE)}mb`,
      "maxmemory-policy noeviction",
      'logfile ""',
      "daemonize no",
      "",
    ].join("\n"),
  };
}

import { Redis, RedisArgs } from "../../components";
import { redisConfig } from "../../components/services/redis";
import { redisRights } from "../../components/services/redis-access";
import { REDIS_USER_PREFIX } from "../../components/settings/server-names";
import { engine, HARDENED, IMAGE, labels, LIMIT } from "../support/fixtures";
import { failing, graph, hexOf } from "../support/harness";
import { bound, loginParameters, markedLoginScripts, serverArgs } from "../support/services";

const make = (changes: Partial<RedisArgs> = {}) =>
  graph({}, () => new Redis("redis", { ...serverArgs(engine()), prefix: "shop:", ...changes }));

test("a server is a container on protected data and its own configuration, and its gate", async () => {
  expect((await make()).childrenOf("Redis redis")).toEqual([
    "Command redis-gate",
    "Container redis-container",
    "Container redis-files",
    "RandomId redis-volume-id",
    "Volume redis-data",
    "Volume redis-volume",
  ]);
});

test("the container", async () => {
  const result = await make();
  const { inputs, options } = result.get(":Container", "redis-container");
  expect(inputs).toEqual({
    ...HARDENED,
    name: "lunch-bot-dev-redis",
    image: IMAGE,
    user: "999:999",
    entrypoints: ["sh", "/etc/dockwright/start.sh"],
    envs: ["REDIS_PORT=6379"],
    labels: labels("redis", "service"),
    cpus: "0.5",
    memory: 256,
    memorySwap: 256,
    // The passwords of administration and health live here alone, made anew at every start.
    tmpfs: { "/run/dockwright": "uid=999,gid=999,mode=0700,size=1m,noexec,nosuid,nodev" },
    volumes: [
      { volumeName: "lunch-bot-dev-redis-data", containerPath: "/data", readOnly: false },
      {
        volumeName: result.get(":Volume", "redis-volume").inputs.name as string,
        containerPath: "/etc/dockwright",
        readOnly: true,
      },
    ],
    networksAdvanced: [{ name: "platform-data-auto", aliases: ["redis"] }],
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
    stopTimeout: 60,
    destroyGraceSeconds: 60,
    wait: false,
  });
  expect(options.deleteBeforeReplace).toBe(true);
  expect(options.dependsOn).toContain("Container redis-files");
});

test("a consumer gets an ACL user of its own and the whole URL as a file", async () => {
  const { result, binding, files } = await bound(
    (platform) => new Redis("redis", { ...serverArgs(platform), prefix: "shop:" }),
  );
  const login = `app_my_api_${hexOf("my-api-cache-secret", { generation: "1" })}`;
  expect(binding).toMatchObject({
    ...{ credential: "cache", segment: "data" },
    environment: { REDIS_KEY_PREFIX: "shop:" },
  });
  expect(files).toEqual({ REDIS_URL: `redis://${login}:pw-my-api-cache-secret@redis:6379/0` });
  const { inputs, options } = result.get(":Command", "my-api-cache-login");
  expect(inputs).toMatchObject({
    delete: 'sh -c "$REVOKE_SCRIPT"',
    environment: {
      ...markedLoginScripts("redis", "/data"),
      ...loginParameters("redis", "999:999"),
      RIGHTS: redisRights("shop:"),
      LOGIN: login,
    },
    stdin: "[secret]",
  });
  expect(options.dependsOn).toContain("Command redis-gate");
});

test("memory for data leaves room for the fork that rewrites the file, and nothing is evicted", () => {
  const { "redis.conf": config } = redisConfig({ limit: LIMIT } as RedisArgs);
  expect(config).toBe(
    [
      "port 6379",
      "dir /data",
      "appendonly yes",
      "appendfsync everysec",
      "aclfile /data/users.acl",
      "maxmemory 153mb",
      "maxmemory-policy noeviction",
      'logfile ""',
      "daemonize no",
      "",
    ].join("\n"),
  );
});

test("wrong arguments are told all at once, before anything is made of them", async () => {
  const { failure, nodes } = await failing({}, () => {
    new Redis("Redis", { ...serverArgs(engine()), prefix: "shop:", userPrefix: "a b" });
  });
  expect(failure).toBe(
    [
      'Redis "Redis": 2 problem(s), nothing was changed',
      "  service: want lower-case letters, digits and dashes, at most 40: it becomes a host name, got Redis",
      `  userPrefix: want ${REDIS_USER_PREFIX.want}, got a b`,
    ].join("\n"),
  );
  expect(nodes.filter(({ type }) => type.endsWith(":Container"))).toEqual([]);
});

test("a wrong prefix and a wrong access are refused before anything is made of them", async () => {
  const prefix = await failing({}, () => {
    new Redis("redis", { ...serverArgs(engine()), prefix: "my shop:" });
  });
  expect(prefix.failure).toBe(
    [
      'Redis "redis": 1 problem(s), nothing was changed',
      '  prefix: want a text without spaces and control characters, such as shop:, got "my shop:"',
    ].join("\n"),
  );
  const access = await failing({}, () => {
    const redis = new Redis("redis", { ...serverArgs(engine()), prefix: "shop:" });
    redis.access({ keys: ["a b", ""], commands: ["KEYS", "acl|setuser", "config|set", "config|get"] });
  });
  expect(access.failure).toBe(
    [
      'access to Redis "redis": 5 problem(s), nothing was changed',
      '  keys: want a pattern without spaces and control characters, such as shop:cache:*, got ""',
      '  keys: want a pattern without spaces and control characters, such as shop:cache:*, got "a b"',
      '  commands: want the name of a command in lower case, such as keys or config|get, got "KEYS"',
      '  commands: want a command that neither hands over nor halts the server, nor shows what others send, got "acl|setuser"',
      '  commands: want a command that neither hands over nor halts the server, nor shows what others send, got "config|set"',
    ].join("\n"),
  );
});

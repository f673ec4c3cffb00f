/**
 * @runs beside others
 * @covers components/services/ components/platform/scripts/ images/ examples/sample-app/ test/e2e/isolation/
 */
import * as fc from "fast-check";

import { scriptText } from "../../components/platform/script";
import { markedLogins } from "../../components/services/backing-service";
import { IMAGE_FACTS } from "../../components/services/image-facts";
import { KafkaArgs, kafkaConfig, kafkaSpec } from "../../components/services/kafka";
import { createAcls, scramCredential, scramProofKeys, upsertScram } from "../../components/services/kafka-wire";
import { RedisArgs, redisConfig } from "../../components/services/redis";
import { RedisAccess, redisPrefixProblems, redisRights } from "../../components/services/redis-access";
import { anyText, drawing } from "../support/property";
import { ROOT } from "../support/systems";
import { Images, isolationImages } from "./isolation/images";
import { SingleServer } from "./isolation/single-server";
import { eventually } from "./support/run";

const SERVICES = `${ROOT}/components/services`;
const LIMIT = { cpus: 0.5, memoryMiB: 128 };
const PASSWORD = "password-of-a-test";
/** Asks Redis, as its health check does. */
const BUSY_CHECK = 'printf "AUTH dockwright-health %s\\nPING\\n" "$(cat /run/dockwright/health)" | redis-cli';

let images: Images;
beforeAll(async () => {
  images = await isolationImages();
});

/** What a service may do on a real Redis, by a real driver. */
describe("Redis", () => {
  let server: SingleServer;
  const logins = markedLogins("redis", IMAGE_FACTS.redis.debian);

  beforeAll(async () => {
    const files = redisConfig({ limit: LIMIT } as RedisArgs);
    const redis = { service: "redis", image: images.redis, user: "999:999", dataPath: "/data" };
    server = await SingleServer.start({ ...redis, app: images.app, files });
  });
  afterAll(() => server.remove());

  const make = (login: string, access?: RedisAccess, prefix = "shop:") =>
    server.act(logins.applyScript, login, `${PASSWORD}\n`, {
      ...logins.environment,
      RIGHTS: redisRights(prefix, access),
    });
  const ask = async (username: string, ...commands: string[][]) => {
    const sessions = [{ username, password: PASSWORD, commands }];
    return (await server.drive<unknown[][]>("redis.mjs", { host: "redis", sessions }))[0];
  };

  test("a login has the keys and channels of its prefix, and no others", async () => {
    await make("plain");
    expect(
      await ask(
        "plain",
        ...[
          ["SET", "shop:a", "1"],
          ["GET", "shop:a"],
          ["PUBLISH", "shop:news", "x"],
          ["SUBSCRIBE", "shop:news"],
        ],
        ...[
          ["PSUBSCRIBE", "shop:*"],
          ["EVAL", "return redis.call('GET', KEYS[1])", "1", "shop:a"],
        ],
      ),
    ).toEqual(["OK", "1", 0, "subscribed", "subscribed", "1"]);
    const others = [
      ["SET", "other", "1"],
      ["GET", "shop"],
      ["RENAME", "shop:a", "b"],
      ["PUBLISH", "news", "x"],
    ];
    const hidden = [
      ["EVAL", "return redis.call('GET', 'other')", "0"],
      ["PSUBSCRIBE", "*"],
      ["SUBSCRIBE", "news"],
    ];
    const answers = await ask("plain", ...others, ...hidden);
    expect(answers).toEqual([
      ...others.map(() => "refused: NOPERM"),
      "refused: ERR",
      ...[1, 2].map(() => "refused: NOPERM"),
    ]);
  });

  test("commands that administer, that Redis calls dangerous, or that change what others run are refused", async () => {
    await make("plain");
    const commands = [
      ...[["FLUSHDB"], ["FLUSHALL"], ["KEYS", "*"], ["SORT", "shop:list"], ["CONFIG", "GET", "dir"], ["ACL", "LIST"]],
      ...[["FUNCTION", "LOAD", "#!lua name=l\nredis.register_function('f', function() return 1 end)"]],
      ...[["FUNCTION", "FLUSH"], ["CLIENT", "LIST"], ["MONITOR"], ["SAVE"], ["SWAPDB", "0", "1"]],
      ...[
        ["SCRIPT", "DEBUG", "SYNC"],
        ["SCRIPT", "FLUSH"],
        ["CLIENT", "PAUSE", "1"],
        ["SLOWLOG", "GET"],
      ],
    ];
    expect(await ask("plain", ...commands)).toEqual(commands.map(() => "refused: NOPERM"));
  });

  test("an access adds commands, and has keys and channels of its own", async () => {
    const commands = ["keys", "sort", "flushdb", "config|get"];
    await make("more", { keys: ["shop:*", "jobs:*"], readKeys: ["plans:*"], channels: ["shop:*", "jobs:*"], commands });
    expect(
      await ask(
        "more",
        ...[["FLUSHDB"], ["RPUSH", "jobs:list", "2", "1"], ["SORT", "jobs:list"], ["KEYS", "*"]],
        ...[
          ["CONFIG", "GET", "appendonly"],
          ["CONFIG", "SET", "appendonly", "no"],
          ["PSUBSCRIBE", "jobs:*"],
        ],
        ...[["GET", "plans:a"], ["SET", "plans:a", "1"], ["FLUSHALL"]],
      ),
    ).toEqual([
      ...["OK", 2, ["1", "2"], ["jobs:list"], { appendonly: "yes" }, "refused: NOPERM", "subscribed"],
      ...[null, "refused: NOPERM", "refused: NOPERM"],
    ]);
  });

  test("a pattern is subscribed to where it stands in the access, letter by letter", async () => {
    const pattern = ["PSUBSCRIBE", "shop:orders:*"];
    await make("patterns", { channels: ["shop:*", "shop:orders:*"] });
    expect(await ask("patterns", pattern, ["PSUBSCRIBE", "shop:*"])).toEqual(["subscribed", "subscribed"]);
    await make("plain");
    expect(await ask("plain", pattern)).toEqual(["refused: NOPERM"]);
  });

  test("an endless script of a login keeps nobody from revoking it, or the revocation says what to do", async () => {
    const revoke = () => server.act(logins.revokeScript, "busy", "", logins.environment);
    const begin = async (script: string) => {
      await make("busy");
      const cutOff = ask("busy", ["SET", "shop:begun", "1"], ["EVAL", script, "1", "shop:a"]).catch(() => undefined);
      // Redis answers nothing at all until it calls itself busy.
      await eventually("the script to run", 30, async () =>
        (await server.inside("sh", "-c", BUSY_CHECK)).includes("BUSY") ? true : undefined,
      );
      return { cutOff };
    };
    const reading = await begin("while true do end");
    await revoke();
    await reading.cutOff;
    await expect(ask("busy", ["GET", "shop:a"])).rejects.toThrow("WRONGPASS");

    const writing = await begin("redis.call('SET', KEYS[1], '1') while true do end");
    await expect(revoke()).rejects.toThrow(/a script that has written.*run "docker restart/);
    await expect(make("busy")).rejects.toThrow(/run "docker restart/);
    await expect(server.act(`set -e\n${logins.listScript}`, "", "", logins.environment)).rejects.toThrow(
      /docker restart/,
    );
    await server.restart();
    await writing.cutOff;
    await revoke();
    await expect(ask("busy", ["GET", "shop:a"])).rejects.toThrow("WRONGPASS");
  });

  test("another access of the same login takes the place of the one before, also over a restart", async () => {
    await make("changed", { keys: ["one:*"] });
    await make("changed", { keys: ["two:*"] });
    await server.restart();
    expect(await ask("changed", ["GET", "one:a"], ["GET", "two:a"])).toEqual(["refused: NOPERM", null]);
  });

  test("any prefix that is not refused has the keys that start with it, byte for byte, also over a restart", async () => {
    const texts = anyText.filter((text) => Buffer.from(text).toString() === text);
    const candidates = fc.sample(texts, drawing(60)).filter((text) => text !== "");
    const prefixes = candidates.filter((prefix) => redisPrefixProblems(prefix).length === 0);
    expect(prefixes.length).toBeGreaterThan(10);
    const rights = { RIGHTS: prefixes.map((prefix) => redisRights(prefix)).join(" ") };
    await server.act(logins.applyScript, "drawn", `${PASSWORD}\n`, { ...logins.environment, ...rights });
    const keys = prefixes.flatMap((prefix, index) => [prefix, `${prefix}${candidates[index] ?? ""}`]);
    const isOurs = (key: string) => prefixes.some((prefix) => key.startsWith(prefix));
    const others = candidates
      .map((text) => `\0${text}`)
      .concat(candidates, "*", "?")
      .filter((key) => !isOurs(key));
    const values = keys.map((_, index) => candidates[index % candidates.length] ?? "");
    const writing = keys.map((key, index) => ["SET", `${key}${index}`, values[index] ?? ""]);
    const reading = keys.map((key, index) => ["GET", `${key}${index}`]);
    const stealing = others.map((key) => ["GET", key]);
    const expected = [...keys.map(() => "OK"), ...values, ...others.map(() => "refused: NOPERM")];
    expect(await ask("drawn", ...writing, ...reading, ...stealing)).toEqual(expected);
    await server.restart();
    expect(await ask("drawn", ...reading, ...stealing)).toEqual(expected.slice(keys.length));
  });

  test("a command that this Redis does not know is named", async () => {
    await expect(make("unknown", { commands: ["nosuchcommand"] })).rejects.toThrow("+nosuchcommand");
  });
});

/** What a service may do on a real Kafka, by a real driver. */
describe("Kafka", () => {
  let server: SingleServer;

  beforeAll(async () => {
    const limit = { cpus: 1, memoryMiB: 640 };
    const { user, environment } = kafkaSpec("kafka", { limit, runtime: {} } as KafkaArgs, []);
    const kafka = { service: "kafka", image: images.kafka, user, dataPath: "/var/lib/kafka/data", shell: "bash" };
    const sizes = { memoryMiB: limit.memoryMiB, environment };
    server = await SingleServer.start({ ...kafka, ...sizes, app: images.app, files: kafkaConfig("kafka") });
  });
  afterAll(() => server.remove());

  test("a login has the topics, groups and transactional ids of its prefix, and no others", async () => {
    const credential = scramCredential("app", PASSWORD);
    const { inner, outer, client } = scramProofKeys(credential);
    const stdin = `${upsertScram(credential).toString("hex")}\n${inner} ${outer} ${client}\n`;
    const logins = markedLogins("kafka", IMAGE_FACTS.kafka.debian);
    await server.act(logins.applyScript, "app", stdin, {
      ...logins.environment,
      ...{ ADMIN_ADDRESS: "127.0.0.1:9094", CLIENT_ADDRESS: "kafka:29092", MECHANISM: "SCRAM-SHA-512" },
      ...{ WIRE: scriptText(SERVICES, "kafka-wire.sh"), PROOF: scriptText(SERVICES, "kafka-proof.sh") },
      CREATE_RIGHTS: createAcls("app", "shop.").toString("hex"),
    });
    const steps = [
      ...[
        ["topic", "shop.orders"],
        ["transaction", "shop.api"],
        ["group", "shop.group"],
      ],
      ...[["topic", "other"], ["transaction", "api"], ["group", "group"], ["topics"]],
      // Administration, of its own, too.
      ...["settings", "partitions", "removeRecords", "removeTopic"].map((act) => [act, "shop.orders"]),
      ["removeGroup", "shop.group"],
    ];
    const input = { host: "kafka", username: "app", password: PASSWORD, steps };
    expect(await server.drive<unknown[]>("kafka.mjs", input)).toEqual([
      ...[true, "done", "done", "refused", "refused", "refused", "shop.orders"],
      ...Array.from({ length: 5 }, () => "refused"),
    ]);
  });
});

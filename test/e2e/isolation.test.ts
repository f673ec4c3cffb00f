/**
 * @runs beside others
 * @covers components/services/ components/platform/scripts/ images/ examples/sample-app/ test/e2e/isolation/
 */
import * as path from "node:path";

import { hostScript, scriptText } from "../../components/platform/script";
import { inboxPrefix, NatsAccess } from "../../components/services/nats-access";
import { NatsArgs, natsFiles } from "../../components/services/nats";
import { userLine } from "../../components/services/nats-config";
import { RedisArgs, redisConfig } from "../../components/services/redis";
import { RedisAccess, redisRights } from "../../components/services/redis-access";
import { Images, isolationImages } from "./isolation/images";
import { SingleServer } from "./isolation/single-server";

const SERVICES = path.join(__dirname, "../../components/services");
const LIMIT = { cpus: 0.5, memoryMiB: 128 };
const PASSWORD = "password-of-a-test";

let images: Images;
beforeAll(async () => {
  images = await isolationImages();
});

/** What a service may do on a real Redis, by a real driver. */
describe("Redis", () => {
  let server: SingleServer;

  beforeAll(async () => {
    const files = redisConfig({ limit: LIMIT } as RedisArgs);
    const redis = { service: "redis", image: images.redis, user: "999:999", dataPath: "/data" };
    server = await SingleServer.start({ ...redis, app: images.app, files });
  });
  afterAll(() => server.remove());

  const make = (login: string, access?: RedisAccess, prefix = "shop:") =>
    server.logIn(hostScript(SERVICES, "redis-login.sh"), login, `${PASSWORD}\n`, {
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

  test("another access of the same login takes the place of the one before, also over a restart", async () => {
    await make("changed", { keys: ["one:*"] });
    await make("changed", { keys: ["two:*"] });
    await server.restart();
    expect(await ask("changed", ["GET", "one:a"], ["GET", "two:a"])).toEqual(["refused: NOPERM", null]);
  });

  test("a command that this Redis does not know is named", async () => {
    await expect(make("unknown", { commands: ["nosuchcommand"] })).rejects.toThrow("+nosuchcommand");
  });
});

/** What a service may do on a real NATS server, by a real driver. */
describe("NATS", () => {
  let server: SingleServer;
  type Step = readonly [session: string, act: string, ...args: unknown[]];

  beforeAll(async () => {
    const files = natsFiles("nats", { limit: LIMIT, prefix: "shop." } as NatsArgs);
    const nats = { service: "nats", image: images.nats, user: "1000:1000", dataPath: "/var/tmp" };
    server = await SingleServer.start({ ...nats, app: images.app, files });
    await make("api");
    await make("worker");
  });
  afterAll(() => server.remove());

  const make = (service: string, access?: NatsAccess) =>
    server.logIn(
      hostScript(SERVICES, "nats-login.sh"),
      service,
      `${userLine({ service, prefix: "shop.", access }, service, PASSWORD)}\n${PASSWORD}\n`,
      { USERS: scriptText(SERVICES, "nats-users.sh") },
    );
  const play = (...steps: Step[]) => {
    const names = [...new Set(steps.map(([name]) => name))];
    const session = (name: string) => ({ username: name, password: PASSWORD, inbox: inboxPrefix(name) });
    const sessions = Object.fromEntries(names.map((name) => [name, session(name)]));
    return server.drive<unknown[]>("nats.mjs", { host: "nats", sessions, steps });
  };

  test("services use streams, consumers and subjects of the prefix", async () => {
    const queue = { name: "shop_jobs", subjects: ["shop.jobs"], retention: "workqueue" };
    expect(
      await play(
        ["api", "makeStream", queue],
        ["api", "store", "shop.jobs", "one"],
        ["worker", "makeConsumer", "shop_jobs", { durable_name: "group", ack_policy: "explicit" }],
        ["worker", "take", "shop_jobs", "group", 1],
        ["worker", "kept", "shop_jobs"],
        ["worker", "hear", "shop.live"],
        ["api", "publish", "shop.live", "hello"],
        ["worker", "heard"],
        ["api", "makeStream", { name: "shop_log", subjects: ["shop.log.>"] }],
        ["api", "store", "shop.log.a", "pushed"],
        ["worker", "pushed", "shop_log", 1],
      ),
    ).toEqual([
      ...["shop_jobs", "shop_jobs", "group", ["one"], 0, "done", "done", ["hello"], "shop_log", "shop_log", ["pushed"]],
    ]);
  });

  test("nobody hears or keeps the answers in another's inbox, not even by a stream on it", async () => {
    await make("answerer", { subscribes: ["question"], answers: true });
    expect(
      await play(
        ["worker", "hear", `${inboxPrefix("api")}.>`],
        ["worker", "makeStream", { name: "evil", subjects: [`${inboxPrefix("api")}.>`] }],
        ["worker", "makeStream", { name: "evil_old", subjects: ["_INBOX_api.>", "_INBOX.*.*.*"] }],
        ["answerer", "answer", "shop.question", "secret answer"],
        ["api", "request", "shop.question", "?"],
        ["worker", "heard"],
        ["worker", "kept", "evil"],
      ),
    ).toEqual(["refused", "evil", expect.anything() as unknown, "done", "secret answer", [], 0]);
    await play(["worker", "deleteStream", "evil"]);
  });

  test("an access has what it names, and nothing else of the prefix", async () => {
    await make("reader", { subscribes: ["live.*"], streams: ["shop_jobs"] });
    await make("writer", { publishes: ["orders"] });
    const own = { durable_name: "own", ack_policy: "none" };
    expect(
      await play(
        ["api", "makeStream", { name: "shop_orders", subjects: ["shop.orders"] }],
        ["writer", "store", "shop.orders", "order"],
        ["api", "kept", "shop_orders"],
        ["reader", "hear", "shop.live.a"],
        ["reader", "kept", "shop_jobs"],
        ["reader", "hear", "shop.orders"],
        ["reader", "kept", "shop_orders"],
        ["reader", "makeConsumer", "shop_orders", own],
        ["reader", "makeStream", { name: "reader", subjects: ["shop.orders.copy"] }],
        ["reader", "makeStream", { name: "shop_jobs", sources: [{ name: "shop_orders" }] }],
        ["reader", "deleteStream", "shop_jobs"],
        ["writer", "hear", "shop.orders"],
        ["writer", "kept", "shop_orders"],
      ),
    ).toEqual(["shop_orders", "shop_orders", 1, "done", 0, ...Array.from({ length: 8 }, () => "refused")]);
  });

  test("the server does not do for somebody what he may not do himself", async () => {
    await make("own", { publishes: ["own", "own.>"], streams: ["shop_own"] });
    const config = JSON.stringify({ name: "made", subjects: ["shop.made"] });
    const push = { deliver_subject: "$JS.API.STREAM.CREATE.made", ack_policy: "none" };
    expect(
      await play(
        ["api", "makeStream", { name: "shop_own", subjects: ["shop.own"] }],
        ["own", "store", "shop.own", config],
        ["own", "makeConsumer", "shop_own", { durable_name: "pull", ack_policy: "none" }],
        ["own", "publish", "$JS.API.CONSUMER.MSG.NEXT.shop_own.pull", "1", "$JS.API.STREAM.CREATE.made"],
        ["own", "publish", "$JS.API.STREAM.INFO.shop_own", "", "$JS.API.STREAM.DELETE.shop_jobs"],
        ["own", "makeConsumer", "shop_own", push],
        ["api", "heard"],
        ["api", "kept", "made"],
        ["api", "kept", "shop_jobs"],
      ),
    ).toEqual([
      ...["shop_own", "shop_own", "pull", "done", "done", expect.anything() as unknown, []],
      ...["StreamNotFoundError: stream not found", 0],
    ]);
  });
});

/**
 * @runs beside others
 * @covers components/services/ components/platform/scripts/ images/ examples/sample-app/ test/e2e/isolation/
 */
import * as fc from "fast-check";

import { scriptText } from "../../components/platform/script";
import { markedLogins } from "../../components/services/backing-service";
import { IMAGE_FACTS } from "../../components/services/image-facts";
import { accessProblems, inboxPrefix, NatsAccess } from "../../components/services/nats-access";
import { NatsArgs, natsFiles } from "../../components/services/nats";
import { userLine } from "../../components/services/nats-config";
import { anyText, drawing } from "../support/property";
import { ROOT } from "../support/systems";
import { isolationImages } from "./isolation/images";
import { SingleServer } from "./isolation/single-server";

const SERVICES = `${ROOT}/components/services`;
const LIMIT = { cpus: 0.5, memoryMiB: 128 };
const PASSWORD = "password-of-a-test";

/** What a service may do on a real NATS server, by a real driver. */
describe("NATS", () => {
  let server: SingleServer;
  type Step = readonly [session: string, act: string, ...args: unknown[]];

  beforeAll(async () => {
    const images = await isolationImages();
    const files = natsFiles("nats", { limit: LIMIT, prefix: "shop." } as NatsArgs);
    const nats = { service: "nats", image: images.nats, user: "1000:1000", dataPath: "/var/tmp" };
    server = await SingleServer.start({ ...nats, app: images.app, files });
    await make("api");
    await make("worker");
  });
  afterAll(() => server.remove());

  const logins = markedLogins("nats", IMAGE_FACTS.nats.debian);
  const make = (service: string, access?: NatsAccess) =>
    server.act(
      logins.applyScript,
      service,
      `${userLine({ service, prefix: "shop.", access }, service, PASSWORD)}\n${PASSWORD}\n`,
      { ...logins.environment, USERS: scriptText(SERVICES, "nats-users.sh") },
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

  test("services ask and answer each other by default, and reach no further by it", async () => {
    expect(
      await play(
        ["worker", "answer", "shop.sum", "42"],
        ["api", "request", "shop.sum", "?"],
        ["api", "request", "shop.sum", "?"],
        ["worker", "hear", `${inboxPrefix("api")}.>`],
        ["worker", "hear", "$SRV.PING"],
        // A right to answer whatever comes would let it ask the system by a message to itself.
        ["worker", "hearAndPass", "shop.told", "$SYS.REQ.ACCOUNT.PING.SUBSZ"],
      ),
    ).toEqual(["done", "42", "42", "refused", "refused", []]);
  });

  test("streams deliver to inboxes alone: neither other subjects nor republished ones are heard", async () => {
    const pushes = (durable_name: string, deliver_subject: string) => ({
      durable_name,
      deliver_subject,
      ack_policy: "none",
    });
    const republish = { src: "shop.sent.>", dest: "shop.again.>" };
    expect(
      await play(
        ["api", "makeStream", { name: "shop_sent", subjects: ["shop.sent.>"], republish }],
        ["worker", "hear", "shop.deliver.p"],
        ["worker", "hear", "shop.again.>"],
        ["worker", "makeConsumer", "shop_sent", pushes("lost", "shop.deliver.p")],
        ["api", "store", "shop.sent.a", "one"],
        ["worker", "heard"],
        ["worker", "hear", `${inboxPrefix("worker")}.p`],
        ["worker", "makeConsumer", "shop_sent", pushes("heard", `${inboxPrefix("worker")}.p`)],
        ["worker", "heard"],
      ),
    ).toEqual(["shop_sent", "done", "done", "lost", "shop_sent", [], "done", "heard", ["one"]]);
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

  test("any subject that is not refused is one that the server takes, and lets through", async () => {
    const texts = fc.oneof(anyText, fc.stringMatching(/^[\w-]{1,12}(\.[\w-]{1,12}){0,3}$/));
    const drawn = [...new Set(fc.sample(texts, drawing(100)))];
    const subjects = drawn.filter((subject) => accessProblems({ publishes: [subject] }).length === 0);
    const literal = subjects.filter((subject) => !/[*>]/.test(subject)).map((subject) => `drawn.${subject}`);
    expect(literal.length).toBeGreaterThan(20);
    await make("drawn", { publishes: literal });
    const publish = (subject: string): Step => ["drawn", "publish", `shop.${subject}`, subject];
    const heard = await play(
      ["api", "hear", "shop.drawn.>"],
      ...literal.flatMap((subject) => [publish(subject), publish(`${subject}.more`), publish(`${subject}x`)]),
      ["api", "heard"],
    );
    const allowed = literal.flatMap((subject) =>
      [subject, `${subject}.more`, `${subject}x`].filter((each) => literal.includes(each)),
    );
    expect(heard.at(-1)).toEqual(allowed);
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

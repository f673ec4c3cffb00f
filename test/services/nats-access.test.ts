import { accessProblems, permissionsOf } from "../../components/services/nats-access";

const INBOX = "_INBOX.api.>";

test("without an access of its own a service has the prefix, its inbox, and streams", () => {
  expect(permissionsOf("api", "shop.", undefined)).toEqual({
    publish: { allow: ["shop.>", "_INBOX.>", "$JS.API.>", "$JS.ACK.>", "$JS.FC.>", "$KV.>", "$O.>"] },
    subscribe: { allow: ["shop.>", INBOX] },
  });
});

test("an access that names nothing has its inbox alone", () => {
  expect(permissionsOf("api", "shop.", {})).toEqual({ publish: { allow: [INBOX] }, subscribe: { allow: [INBOX] } });
});

const reading = (stream: string) => [
  ...["STREAM.INFO", "STREAM.MSG.GET", "DIRECT.GET"].map((call) => `$JS.API.${call}.${stream}`),
  ...[`$JS.API.DIRECT.GET.${stream}.>`, `$JS.API.CONSUMER.CREATE.${stream}`, `$JS.API.CONSUMER.CREATE.${stream}.>`],
  `$JS.API.CONSUMER.DURABLE.CREATE.${stream}.*`,
  ...["NAMES", "LIST"].map((call) => `$JS.API.CONSUMER.${call}.${stream}`),
  ...["INFO", "MSG.NEXT", "PAUSE", "DELETE"].map((call) => `$JS.API.CONSUMER.${call}.${stream}.*`),
  ...[`$JS.ACK.${stream}.>`, `$JS.FC.${stream}.>`],
];

test("subjects stand behind the prefix, and a stream is read by name", () => {
  const access = { publishes: ["orders"], subscribes: [">"], streams: ["shop_orders"], answers: true };
  expect(permissionsOf("api", "shop.", access)).toEqual({
    publish: {
      allow: ["shop.orders", INBOX, "$JS.API.INFO", "$JS.API.STREAM.NAMES", ...reading("shop_orders")],
    },
    subscribe: { allow: ["shop.>", INBOX] },
    allow_responses: true,
  });
});

test("who makes streams may change those that it names", () => {
  const { publish } = permissionsOf("api", "shop.", { streams: ["a"], makesStreams: true });
  const acts = ["CREATE", "UPDATE", "PURGE", "MSG.DELETE", "DELETE"].map((act) => `$JS.API.STREAM.${act}.a`);
  expect(publish.allow).toEqual(
    expect.arrayContaining([INBOX, "$JS.API.INFO", "$JS.API.STREAM.NAMES", ...reading("a"), ...acts]),
  );
  expect(publish.allow).toHaveLength(3 + reading("a").length + acts.length);
});

test("buckets are streams with subjects of their own", () => {
  const { publish } = permissionsOf("api", "shop.", { buckets: ["b"], objectBuckets: ["o"] });
  expect(publish.allow).toEqual([
    ...[INBOX, "$JS.API.INFO", "$JS.API.STREAM.NAMES", ...reading("KV_b"), ...reading("OBJ_o")],
    ...["$KV.b.>", "$O.o.>", "$JS.API.STREAM.PURGE.OBJ_o"],
  ]);
});

test.each(["a", "a.b", "*", ">", "a.*.b-c.>", "A_1"])("%s is a subject", (subject) => {
  expect(accessProblems({ publishes: [subject], subscribes: [subject] })).toEqual([]);
});

test.each(["", ".", "a.", ".a", "a..b", "a b", "a>", ">.a", "a*", '"', "a\n", "$JS.API.>", "é"])(
  "%j is none",
  (subject) => {
    expect(accessProblems({ publishes: [subject] })).toMatchObject([
      { path: "publishes", got: JSON.stringify(subject) },
    ]);
  },
);

test.each(["a.b", "*", ">", "", " ", "a/b", "a".repeat(201)])("%j is no name of a stream or bucket", (name) => {
  const problems = accessProblems({ streams: [name], buckets: [name], objectBuckets: [name] });
  expect(problems.map(({ path }) => path)).toEqual(["streams", "buckets", "objectBuckets"]);
});

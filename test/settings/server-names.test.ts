import {
  KAFKA_PREFIX,
  nameProblems,
  NameRule,
  NATS_PREFIX,
  POSTGRES_DATABASE,
  POSTGRES_OWNER,
  POSTGRES_ROLE,
  REDIS_USER_PREFIX,
} from "../../components/settings/server-names";

const LONG = "x".repeat(63);

const CASES: Record<string, { rule: NameRule; good: readonly string[]; bad: readonly string[] }> = {
  "a role": {
    rule: POSTGRES_ROLE,
    good: ["app_user", "App-User", "postgres", "all_of_us", "2048", LONG],
    bad: ["", "all", "public", "none", "samerole", "pg_monitor", "dockwright_health", "a b", 'a"b', "-a", `${LONG}x`],
  },
  "an owner": {
    rule: POSTGRES_OWNER,
    good: ["shop_owner", "postgresql", "shop-owner", LONG],
    bad: ["", "postgres", "all", "public", "pg_read_all_data", "dockwright_adoption", "a,b", "a\n", `${LONG}x`],
  },
  "a database": {
    rule: POSTGRES_DATABASE,
    good: ["shop", "Shop-2", "all_orders", "replications", LONG],
    bad: ["", "postgres", "template0", "template1", "all", "replication", "sameuser", "a b", "a;b", "é", `${LONG}x`],
  },
  "a prefix of Redis users": {
    rule: REDIS_USER_PREFIX,
    good: ["app", "Shop.app-1", LONG],
    bad: ["", "a b", "a\n+@all", "a:b", "a@b", ">x", `${LONG}x`],
  },
  "a prefix of Kafka": {
    rule: KAFKA_PREFIX,
    good: ["shop.", "lunch-bot.", "_shop.", "x".repeat(200)],
    bad: ["", "_", "__", "__consumer", "*", "shop/", "x".repeat(201)],
  },
  "a prefix of NATS": {
    rule: NATS_PREFIX,
    good: ["shop.", "shop.orders.", `${"x".repeat(199)}.`],
    bad: [
      "",
      "shop",
      "_shop.",
      ".",
      "*.",
      ">.",
      "$JS.",
      "$SYS.",
      "_INBOX.",
      "_INBOX_api.",
      "_R_.",
      "_GR_.",
      `${"x".repeat(200)}.`,
    ],
  },
};

test.each(Object.entries(CASES))("%s", (_name, { rule, good, bad }) => {
  expect(good.filter((name) => !rule.pattern.test(name))).toEqual([]);
  expect(bad.filter((name) => rule.pattern.test(name))).toEqual([]);
});

test("names that break their rules are told all at once, with what was wanted and what was got", () => {
  const names = [["database", "all", POSTGRES_DATABASE] as const, ["owner", "shop_owner", POSTGRES_OWNER] as const];
  expect(nameProblems([...names, ["userPrefix", "", REDIS_USER_PREFIX]])).toEqual([
    { path: "database", want: POSTGRES_DATABASE.want, got: "all" },
    { path: "userPrefix", want: REDIS_USER_PREFIX.want, got: "nothing" },
  ]);
});

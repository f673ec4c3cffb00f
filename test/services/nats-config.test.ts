import { compareSync, getRounds } from "bcryptjs";

import { natsProblems, serverConfig, userLine } from "../../components/services/nats-config";
import { formatProblem } from "../../components/settings/problems";

const SERVER = { name: "broker", prefix: "shop.", monitoringAddress: "127.0.0.1" };
const LIMITS = { storeMiB: 2048, memoryStoreMiB: 64, maxStreams: 8, maxConsumers: 16 };

/** What services may reach of the account with the streams; requests for messages are answered more than once. */
const SHARED = [
  ...["shop.>", "$JS.API.INFO", "$JS.API.STREAM.>", "$JS.API.DIRECT.>"],
  ...["CREATE", "DURABLE", "INFO", "LIST", "NAMES", "DELETE", "PAUSE", "UNPIN", "LEADER"].map(
    (act) => `$JS.API.CONSUMER.${act}.>`,
  ),
  ...["$JS.ACK.>", "$JS.FC.>", "$KV.>", "$O.>"],
];
const PULLS = "$JS.API.CONSUMER.MSG.NEXT.*.*";

test("the server's configuration", () => {
  expect(serverConfig(SERVER, LIMITS, "users.conf")).toBe(
    [
      'server_name: "broker"',
      'listen: "0.0.0.0:4222"',
      'http: "127.0.0.1:8222"',
      "jetstream {",
      '  store_dir: "/var/tmp"',
      "  max_file_store: 2048MiB",
      "  max_memory_store: 64MiB",
      "  # What is acknowledged is on the disk; the default writes it there every two minutes.",
      "  sync_interval: always",
      "}",
      "accounts {",
      "  # Streams lie apart from the services: whatever subjects one is given, it gets none but those that are let in here. So",
      "  # no stream, and nobody who may make one, sees the answers in an inbox.",
      "  APP {",
      "    jetstream {",
      "      max_file: 2048MiB",
      "      max_memory: 64MiB",
      "      max_streams: 8",
      "      max_consumers: 16",
      "    }",
      "    exports: [",
      ...SHARED.map((subject) => `      { service: "${subject}" }`),
      `      { service: "${PULLS}", response_type: stream, threshold: "5m" }`,
      "      # What a consumer pushes to the inbox of whom it belongs to.",
      '      { stream: "_INBOX.>" }',
      "    ]",
      "  }",
      "  SERVICES {",
      "    imports: [",
      ...[...SHARED, PULLS].map((subject) => `      { service: { account: APP, subject: "${subject}" } }`),
      '      { stream: { account: APP, subject: "_INBOX.>" } }',
      "    ]",
      '    include "../../var/tmp/logins/users.conf"',
      "  }",
      "  # Without any user the server would let everybody in. This one's password is known to nobody.",
      `  LOCKED { users: [{ user: "nobody", password: "$2b$04$${".".repeat(53)}" }] }`,
      "}",
      "",
    ].join("\n"),
  );
});

interface User {
  readonly user: string;
  readonly password: string;
  readonly permissions: object;
}

const user = (service: string, username: string) =>
  JSON.parse(userLine({ service, prefix: "shop." }, username, "correct horse")) as User;

test("a user may use the prefix, its own inbox and JetStream, and nothing else", () => {
  expect(user("my-api", "app_my_api_1")).toMatchObject({
    user: "app_my_api_1",
    permissions: {
      publish: { allow: ["shop.>", "_INBOX.>", "$JS.API.>", "$JS.ACK.>", "$JS.FC.>", "$KV.>", "$O.>"] },
      subscribe: { allow: ["shop.>", "_INBOX.my-api.>"] },
    },
  });
});

test("both generations of a service have the same rights, another service another inbox", () => {
  const { permissions } = user("api", "app_api_1");
  expect(user("api", "app_api_2").permissions).toEqual(permissions);
  expect(user("worker", "app_worker_1").permissions).not.toEqual(permissions);
});

test("the list holds a hash that proves the password, cheap to check, and the same on every run", () => {
  const { password } = user("api", "app_api_1");
  expect(compareSync("correct horse", password)).toBe(true);
  expect(compareSync("wrong", password)).toBe(false);
  expect(getRounds(password)).toBe(4);
  expect(userLine({ service: "api", prefix: "shop." }, "app_api_1", "correct horse")).not.toContain("correct horse");
  expect(user("api", "app_api_1").password).toBe(password);
  expect(user("api", "app_api_2").password).not.toBe(password);
});

test.each([
  ["shop.", 128, []],
  ["shop.orders-1.", 0, []],
  [
    "shop",
    128,
    [
      '  prefix: want parts of a subject with a dot behind each, such as "shop.": at most 200 characters, and none of NATS itself, got shop',
    ],
  ],
  [
    "shop.>.",
    1,
    [
      '  prefix: want parts of a subject with a dot behind each, such as "shop.": at most 200 characters, and none of NATS itself, got shop.>.',
    ],
  ],
  [
    "_INBOX.",
    1,
    [
      '  prefix: want parts of a subject with a dot behind each, such as "shop.": at most 200 characters, and none of NATS itself, got _INBOX.',
    ],
  ],
  ["shop.", 129, ["  memoryStoreMiB: want at most 128, half of limit.memoryMiB, got 129"]],
])("prefix %s, %d MiB of memory for streams: %j", (prefix, memoryStoreMiB, problems) => {
  expect(natsProblems(prefix, memoryStoreMiB, 256).map(formatProblem)).toEqual(problems);
});

import { compareSync, getRounds } from "bcryptjs";

import { inboxPrefix, natsProblems, serverConfig, userLine } from "../../components/services/nats-config";
import { formatProblem } from "../../components/settings/problems";

const LIMITS = { storeMiB: 2048, memoryStoreMiB: 64, maxStreams: 8, maxConsumers: 16 };

test("the server's configuration", () => {
  expect(serverConfig("broker", "127.0.0.1", LIMITS, "users.conf")).toBe(
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
      "  APP {",
      "    jetstream {",
      "      max_file: 2048MiB",
      "      max_memory: 64MiB",
      "      max_streams: 8",
      "      max_consumers: 16",
      "    }",
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
  JSON.parse(userLine(service, "shop.", username, "correct horse")) as User;

test("a user may use the prefix, its own inbox and JetStream, and nothing else", () => {
  expect(user("my-api", "app_my_api_1")).toMatchObject({
    user: "app_my_api_1",
    permissions: {
      publish: { allow: ["shop.>", "_INBOX_my-api.>", "$JS.API.>", "$JS.ACK.>", "$JS.FC.>"] },
      subscribe: { allow: ["shop.>", "_INBOX_my-api.>"] },
    },
  });
  expect(inboxPrefix("my-api")).toBe("_INBOX_my-api");
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
  expect(userLine("api", "shop.", "app_api_1", "correct horse")).not.toContain("correct horse");
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
  ["shop.", 129, ["  memoryStoreMiB: want at most 128, half of limit.memoryMiB, got 129"]],
])("prefix %s, %d MiB of memory for streams: %j", (prefix, memoryStoreMiB, problems) => {
  expect(natsProblems(prefix, memoryStoreMiB, 256).map(formatProblem)).toEqual(problems);
});

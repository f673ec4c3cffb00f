// What the program of Lunch Bot says of its settings: all of it at once, and no secret. ./bad-input has a case for each rule.
import { readSettings } from "../../settings";
import { failing, graph } from "../support/harness";
import { asConfig, completeValues, GIVEN_SECRETS, stackValues } from "../support/stacks";

// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Values = Record<string, any>;

/** The message about the values of prod with some changes, without its first line. */
async function problems(change: Values | ((values: Values) => void)): Promise<string> {
  const values = structuredClone(completeValues("prod")) as Values;
  if (typeof change === "function") change(values);
  else Object.assign(values, change);
  const { failure, nodes } = await failing({ stack: "prod", config: asConfig(values) }, () => readSettings());
  expect(nodes).toEqual([]);
  const [head, ...lines] = failure.split("\n");
  const count = lines.filter((line) => !line.startsWith("    fix: ")).length;
  expect(head).toBe(`stack configuration: ${count} problem(s), nothing was changed`);
  return lines.map((line) => line.slice(2)).join("\n");
}

const limits = (service: string, value: unknown) => ({ limits: { [service]: value } });

test.each<[string, Values, string]>([
  ["an unknown key", { limit: {} }, 'limit: want a known key, perhaps "limits", got an unknown key'],
  [
    "an unknown key inside",
    { replicas: { fronted: 2 } },
    'replicas.fronted: want a known key, perhaps "frontend", got an unknown key',
  ],
  [
    "an unknown key three levels down",
    limits("redis", { memoryMib: 64 }),
    'limits.redis.memoryMib: want a known key, perhaps "memoryMiB", got an unknown key',
  ],
  [
    "a reservation above the limit's default",
    limits("redis", { memoryReservationMiB: 257 }),
    "limits.redis.memoryReservationMiB: want at most the limit memoryMiB, got 257",
  ],
  [
    "another URL scheme",
    { edge: { ...edge(), publicUrl: "ftp://x" } },
    'edge.publicUrl: want a URL with http or https, got "ftp://x"',
  ],
  [
    "a secret of another type",
    { secrets: { ...GIVEN_SECRETS, geminiApiKeys: 1234567890 } },
    "secrets.geminiApiKeys: want a value of type string, got [secret]",
  ],
])("refuses %s", async (_what, change, message) => {
  expect(await problems(change)).toBe(message);
});

/** The edge of prod, complete. */
function edge(): Values {
  return stackValues("prod").edge as Values;
}

describe("images", () => {
  test("a tag that can move is named", async () => {
    expect(await problems((values) => (values.images.postgres = "postgres:17"))).toBe(
      'images.postgres: want an image by digest, name@sha256:… (a tag can move), got "postgres:17"',
    );
  });

  test("a stack without any names each, with the command that sets it", async () => {
    const names = ["postgres", "redis", "kafka", "nginx", "app", "files"];
    const line = (name: string, want: string) =>
      `images.${name}: want ${want}, got nothing\n  fix: pulumi config set --path 'images.${name}' VALUE`;
    expect(await problems({ images: undefined })).toBe(
      [
        ...names.map((name) => line(name, "an image by digest, name@sha256:…")),
        line("nginxVersion", "the version inside images.nginx"),
      ].join("\n"),
    );
  });

  test("the version of nginx is a whole one", async () => {
    expect(await problems((values) => (values.images.nginxVersion = "1.30"))).toBe(
      'images.nginxVersion: want a version such as 1.30.6, got "1.30"',
    );
  });
});

test("an edge without its two keys names both", async () => {
  expect(await problems({ edge: undefined })).toBe(
    [
      "edge.publicUrl: want a value of type string, got nothing",
      "  fix: pulumi config set --path 'edge.publicUrl' VALUE",
      "edge.httpPort: want a value of type number, got nothing",
      "  fix: pulumi config set --path 'edge.httpPort' VALUE",
    ].join("\n"),
  );
});

describe("given secrets", () => {
  test("missing ones are named with the exact command", async () => {
    expect(await problems({ secrets: undefined })).toBe(
      [
        "secrets.telegramBotToken: want a secret value, got nothing",
        "  fix: pulumi config set --secret --path 'secrets.telegramBotToken'",
        "secrets.geminiApiKeys: want a secret value, got nothing",
        "  fix: pulumi config set --secret --path 'secrets.geminiApiKeys'",
      ].join("\n"),
    );
  });

  test("they may be missing where placeholders are allowed", async () => {
    const config = asConfig({ ...completeValues("prod"), secrets: undefined, given: { allowPlaceholders: true } });
    await graph({ config }, () => {
      expect(readSettings().secrets).toEqual({});
    });
  });

  test("no value is ever printed, wherever the mistake is", async () => {
    const secret = "hunter2-hunter2";
    for (const secrets of [secret, [secret], { telegramBotTken: secret }, { telegramBotToken: { a: secret } }]) {
      expect(await problems({ secrets, edge: { httpPort: 0 } })).not.toContain("hunter2");
    }
  });
});

test("all problems come in one message, also those that compare fields", async () => {
  const message = await problems((values) => {
    values.images.redis = "redis:latest";
    delete values.images.kafka;
    values.edge.httpPort = "x";
    values.limits = { backend: { cpus: 10, memoryMiB: 1 }, redis: { memoryReservationMiB: 9999 } };
    values.replica = {};
    values.secrets = { telegramBotToken: "short" };
  });
  expect(message.split("\n").filter((line) => !line.startsWith("  fix: "))).toEqual([
    expect.stringMatching(/^images\.redis: /),
    expect.stringMatching(/^images\.kafka: /),
    expect.stringMatching(/^edge\.httpPort: /),
    expect.stringMatching(/^limits\.redis\.memoryReservationMiB: /),
    expect.stringMatching(/^limits\.backend\.cpus: /),
    expect.stringMatching(/^limits\.backend\.memoryMiB: /),
    expect.stringMatching(/^secrets\.telegramBotToken: /),
    expect.stringMatching(/^replica: /),
    expect.stringMatching(/^secrets\.geminiApiKeys: /),
  ]);
});

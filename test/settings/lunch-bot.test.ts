// The schema of Lunch Bot, and with it every fragment: what is refused, in which words, and all of it at once.
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
  ["a wrong type", { edge: { ...edge(), httpPort: "80" } }, 'edge.httpPort: want a value of type number, got "80"'],
  ["text for an object", { limits: "none" }, 'limits: want a value of type object, got "none"'],
  ["text for images", { images: "none" }, 'images: want a value of type object, got "none"'],
  ["a fraction", limits("kafka", { memoryMiB: 600.5 }), "limits.kafka.memoryMiB: want a value of type int, got 600.5"],
  ["an unknown key", { limit: {} }, 'limit: want a known key, perhaps "limits", got an unknown key'],
  [
    "an unknown key inside",
    { replicas: { fronted: 2 } },
    'replicas.fronted: want a known key, perhaps "frontend", got an unknown key',
  ],
  [
    "a key unlike any other",
    { replicas: { database: 2 } },
    "replicas.database: want one of the known keys backend, frontend, got an unknown key",
  ],
  [
    "an unknown key three levels down",
    limits("redis", { memoryMib: 64 }),
    'limits.redis.memoryMib: want a known key, perhaps "memoryMiB", got an unknown key',
  ],
  ["memory below the floor", limits("kafka", { memoryMiB: 256 }), "limits.kafka.memoryMiB: want 512 or more, got 256"],
  [
    "a reservation above the limit",
    limits("redis", { memoryMiB: 64, memoryReservationMiB: 65 }),
    "limits.redis.memoryReservationMiB: want at most the limit memoryMiB, got 65",
  ],
  [
    "a reservation above the limit's default",
    limits("redis", { memoryReservationMiB: 257 }),
    "limits.redis.memoryReservationMiB: want at most the limit memoryMiB, got 257",
  ],
  [
    "a multiple of 10 cores",
    limits("backend", { cpus: 20 }),
    "limits.backend.cpus: want a number of cores without a 0 before the point, got 20",
  ],
  ["too little CPU", limits("backend", { cpus: 0.05 }), "limits.backend.cpus: want 0.1 or more, got 0.05"],
  ["odd CPU", limits("backend", { cpus: 0.33 }), "limits.backend.cpus: want a multiple of 0.05, got 0.33"],
  ["no replica", { replicas: { backend: 0 } }, "replicas.backend: want 1 or more, got 0"],
  ["too many replicas", { replicas: { backend: 21 } }, "replicas.backend: want 20 or less, got 21"],
  ["no generation", { rotation: { jwt: 0 } }, "rotation.jwt: want 1 or more, got 0"],
  ["a daily rotation", { rotationPolicy: { maxAgeDays: 0 } }, "rotationPolicy.maxAgeDays: want 1 or more, got 0"],
  [
    "another host scheme",
    { docker: { host: "http://x" } },
    'docker.host: want a URL such as ssh://user@host, got "http://x"',
  ],
  [
    "an odd API version",
    { docker: { apiVersion: "v2" } },
    'docker.apiVersion: want an API version such as 1.44, got "v2"',
  ],
  [
    "another URL scheme",
    { edge: { ...edge(), publicUrl: "ftp://x" } },
    'edge.publicUrl: want a URL with http or https, got "ftp://x"',
  ],
  ["a port that is none", { edge: { ...edge(), httpPort: 70000 } }, "edge.httpPort: want 65535 or less, got 70000"],
  ["an odd address", { edge: { ...edge(), bindAddress: "lo" } }, 'edge.bindAddress: want an IPv4 address, got "lo"'],
  [
    "an odd range",
    { edge: { ...edge(), trustedProxies: ["10.0.0.0/8", "10.1"] } },
    'edge.trustedProxies.1: want a range such as 10.0.0.0/8, got "10.1"',
  ],
  [
    "an unknown TLS mode",
    { edge: { ...edge(), tls: { mode: "acme" } } },
    'edge.tls.mode: want one of "external", got "acme"',
  ],
  [
    "an unknown restart",
    { runtime: { restart: "no" } },
    'runtime.restart: want one of "unless-stopped", "always", got "no"',
  ],
  [
    "a health check every 0 s",
    { runtime: { healthIntervalSeconds: 0 } },
    "runtime.healthIntervalSeconds: want 1 or more, got 0",
  ],
  [
    "an unknown level",
    { app: { logLevel: "loud" } },
    'app.logLevel: want one of "debug", "info", "warn", "error", got "loud"',
  ],
  ["a URL that is none", { app: { telegramApiUrl: "x" } }, 'app.telegramApiUrl: want a URL, got "x"'],
  [
    "a short secret",
    { secrets: { ...GIVEN_SECRETS, geminiApiKeys: "s3cret" } },
    "secrets.geminiApiKeys: want at least 8 characters, got [secret]",
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

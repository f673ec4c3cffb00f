import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { cors, common, database, gemini, http, jwt, kafka, redis, telegram } from "../src/env/fragments.ts";
import { loadEnv } from "../src/env/load.ts";
import { EnvironmentError } from "../src/env/problems.ts";

const key = "0123456789abcdef".repeat(4);

/** Stands for the disk: what is not listed does not exist. */
const disk = (files: Record<string, string>) =>
  ((path: string) => {
    if (!(path in files)) throw new Error("ENOENT");
    return files[path];
  }) as unknown as typeof readFileSync;

function problemsOf(act: () => unknown): readonly string[] {
  try {
    act();
  } catch (error) {
    assert.ok(error instanceof EnvironmentError);
    return error.problems;
  }
  return [];
}

describe("loadEnv", () => {
  it("fills in the defaults", () => {
    const settings = loadEnv({ ...common, ...http(8000), ...cors }, {});
    assert.deepEqual(settings, {
      LOG_LEVEL: "info",
      APP_VERSION: "dev",
      PORT: 8000,
      DRAIN_SECONDS: 5,
      CORS_ORIGINS: [],
    });
  });

  it("reads a URL from its file and drops the driver from its scheme", () => {
    const files = disk({ "/run/secrets/db": "postgresql+asyncpg://u:p@db:5432/app\n" });
    const settings = loadEnv(database, { DATABASE_URL_FILE: "/run/secrets/db", POOL_SIZE: "" }, files);
    assert.deepEqual(settings, { DATABASE_URL: "postgresql://u:p@db:5432/app", POOL_SIZE: 5 });
  });

  it("names every problem at once and no value", () => {
    const files = disk({
      "/keys": `{"keys":[{"kid":"a","key":"hunter2","status":"current"}]}`,
      "/sasl": "hunter2",
    });
    const env = {
      DATABASE_URL: "hunter2",
      REDIS_URL_FILE: "/hunter2",
      PORT: "hunter2",
      KAFKA_BROKER_URL: "hunter2",
      KAFKA_CREDENTIALS_FILE: "/sasl",
      JWT_KEYS_FILE: "/keys",
      LOG_LEVEL: "hunter2",
      TELEGRAM_BOT_TOKEN: "hunter2 / hunter2",
    };
    const shape = { ...common, ...http(1), ...database, ...redis, ...kafka, ...jwt, ...telegram };
    const problems = problemsOf(() => loadEnv(shape, env, files));
    const names = problems.map((problem) => problem.split(":", 1)[0]).sort();
    assert.deepEqual(names, [
      "DATABASE_URL",
      "JWT_KEYS.keys.0.key",
      "KAFKA_BROKER_URL",
      "KAFKA_CREDENTIALS",
      "LOG_LEVEL",
      "PORT",
      "REDIS_URL_FILE",
      "TELEGRAM_BOT_TOKEN",
    ]);
    assert.doesNotMatch(problems.join("\n"), /hunter2/);
  });

  it("does not ask for what the entry does not need", () => {
    assert.deepEqual(loadEnv(http(3000), { DATABASE_URL_FILE: "/missing" }, disk({})).PORT, 3000);
  });

  it("wants exactly one current key and every kid once", () => {
    const twice = {
      keys: [
        { kid: "a", key, status: "current" },
        { kid: "a", key, status: "current" },
      ],
    };
    const problems = problemsOf(() => loadEnv(jwt, { JWT_KEYS: JSON.stringify(twice) }));
    assert.deepEqual(problems, ["JWT_KEYS: want exactly one current key", "JWT_KEYS: want every kid once"]);
  });

  for (const [how, text] of [
    ["a JSON list", '["k1", "k2"]'],
    ["lines", "k1\nk2\n"],
    ["commas", "k1, k2"],
  ] as const) {
    it(`reads Gemini keys from ${how}`, () => {
      assert.deepEqual(loadEnv(gemini, { GEMINI_API_KEYS: text }).GEMINI_API_KEYS, ["k1", "k2"]);
    });
  }
});

import { spawnSync } from "node:child_process";

import * as pulumi from "@pulumi/pulumi";

import { CredentialAge, CredentialAges, GivenSecret } from "../../components";
import { scriptText } from "../../components/platform/script";
import { graph, hexOf } from "../support/harness";
import { ROOT } from "../support/stacks";

const SCRIPT = scriptText(`${ROOT}/components/secrets`, "credential-ages.sh");
const NOW = new Date("2026-06-30T12:00:00Z");

/** The clock alone: everything else goes on in its own time. */
const ONLY_THE_DATE = {
  doNotFake: [
    ...(["hrtime", "nextTick", "performance", "queueMicrotask"] as const),
    ...(["setImmediate", "clearImmediate", "setInterval", "clearInterval", "setTimeout", "clearTimeout"] as const),
  ],
};

let warn: jest.SpyInstance;
beforeEach(() => {
  jest.useFakeTimers({ now: NOW, ...ONLY_THE_DATE });
  warn = jest.spyOn(pulumi.log, "warn").mockResolvedValue();
});
afterEach(() => {
  jest.useRealTimers();
  warn.mockRestore();
});

/** A stack that remembers these lines of the script. */
async function remembering(lines: readonly string[], maxAgeDays = 90) {
  let ages: Record<string, CredentialAge> = {};
  const stdout = lines.join("\n");
  const result = await graph({ outputs: { "credentials-record": { stdout } } }, () => {
    const telegram = new GivenSecret("telegram", { variable: "TOKEN", value: "123" });
    const args = { rotation: { database: 2, jwt: 1 }, given: [telegram], maxAgeDays };
    new CredentialAges("credentials", args).credentials.apply((all) => (ages = all));
  });
  return { result, ages, warnings: warn.mock.calls.map(([message]) => message as string) };
}

test("a record of what there is: the number of a generation, the revision of what was given", async () => {
  const { result } = await remembering([]);
  expect(result.childrenOf("CredentialAges credentials")).toEqual(["Command credentials-record"]);
  const hex = hexOf("telegram-id", { value: "123" });
  expect(result.get(":Command", "credentials-record").inputs).toEqual({
    create: 'sh -c "$SCRIPT"',
    update: 'sh -c "$SCRIPT"',
    environment: { CREDENTIALS: `database 2\njwt 1\ntelegram ${hex}`, SCRIPT },
    logging: "none",
    addPreviousOutputInEnv: true,
  });
});

test("what the stack remembers is read: since when, and from when on it is old", async () => {
  const { ages } = await remembering(["database 2 2026-06-01T00:00:00Z", "telegram 0a1b2c3d 2026-05-01T08:30:00Z", ""]);
  expect(ages).toEqual({
    database: { revision: "2", since: "2026-06-01T00:00:00Z", due: "2026-08-30T00:00:00Z" },
    telegram: { revision: "0a1b2c3d", since: "2026-05-01T08:30:00Z", due: "2026-07-30T08:30:00Z" },
  });
});

test("mocks of a program's own tests remember nothing, and warn of nothing", async () => {
  const { ages, warnings } = await remembering([]);
  expect({ ages, warnings }).toEqual({ ages: {}, warnings: [] });
});

describe("the warning", () => {
  test("of one that is old says which, how old, what the bound is, and where to read on", async () => {
    const { warnings } = await remembering(["database 2 2026-03-01T12:00:00Z", "jwt 1 2026-06-29T12:00:00Z"]);
    expect(warnings).toEqual([
      "1 credential is older than rotationPolicy.maxAgeDays 90: database, 121 days (docs/rotation.md)",
    ]);
  });

  test("of several comes once, the oldest first", async () => {
    const { warnings } = await remembering([
      ...["jwt 1 2026-03-30T00:00:00Z", "database 2 2025-06-30T12:00:00Z", "telegram 00 2026-06-01T00:00:00Z"],
      "cache 4 2026-01-01T00:00:00Z",
    ]);
    expect(warnings).toEqual([
      "3 credentials are older than rotationPolicy.maxAgeDays 90: " +
        "database, 365 days; cache, 180 days; jwt, 92 days (docs/rotation.md)",
    ]);
  });

  test.each([
    ["a second before the day", "2026-04-01T12:00:01Z", 0],
    ["on the day", "2026-04-01T12:00:00Z", 1],
  ])("begins with the day: %s", async (_case, since, expected) => {
    expect((await remembering([`jwt 1 ${since}`])).warnings).toHaveLength(expected);
  });

  test("does not come where all are young", async () => {
    expect((await remembering(["jwt 1 2026-06-29T12:00:00Z"])).warnings).toEqual([]);
    expect((await remembering(["jwt 1 2025-06-29T12:00:00Z"], 3650)).warnings).toEqual([]);
  });
});

test("the clock changes nothing: years later the inputs are the same, and the same resources", async () => {
  const lines = ["database 2 2026-06-01T00:00:00Z"];
  const early = await remembering(lines);
  jest.setSystemTime(new Date("2031-01-01T00:00:00Z"));
  const late = await remembering(lines);
  expect(late.warnings).toHaveLength(1);
  expect(late.result.nodes).toEqual(early.result.nodes);
  expect(late.ages).toEqual(early.ages);
});

describe("the script", () => {
  /** What it prints after it printed these lines the last time. */
  function record(credentials: readonly string[], before?: readonly string[]): string[] {
    const env = {
      PATH: process.env.PATH ?? "",
      CREDENTIALS: credentials.join("\n"),
      ...(before && { PULUMI_COMMAND_STDOUT: before.join("\n") }),
    };
    const { status, stdout, stderr } = spawnSync("/bin/sh", ["-c", SCRIPT], { encoding: "utf8", env });
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    return stdout.trimEnd().split("\n");
  }

  /** Whether a line is of the moment in which it was made. */
  function isNew(line: string | undefined, beginning: string): boolean {
    const { text = "", since = "" } = /^(?<text>.+) (?<since>\S+)$/.exec(line ?? "")?.groups ?? {};
    const age = Date.now() - Date.parse(since);
    return text === beginning && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(since) && age >= 0 && age < 60_000;
  }

  beforeEach(() => {
    jest.useRealTimers();
  });

  const OLD = ["database 1 2020-01-02T03:04:05Z", "telegram 0a1b2c3d 2021-01-01T00:00:00Z"];

  test("at first everything begins now, in the order given", () => {
    const [first, second, ...others] = record(["database 1", "cache 7"]);
    expect([isNew(first, "database 1"), isNew(second, "cache 7"), others]).toEqual([true, true, []]);
  });

  test("what is unchanged keeps its date, over any number of updates", () => {
    const once = record(["database 1", "telegram 0a1b2c3d"], OLD);
    expect(once).toEqual(OLD);
    expect(record(["telegram 0a1b2c3d", "database 1"], once)).toEqual([OLD[1], OLD[0]]);
  });

  test("what changes or is new begins now, and the others keep their date", () => {
    const [database, telegram, jwt] = record(["database 2", "telegram 0a1b2c3d", "jwt 1"], OLD);
    expect(telegram).toBe(OLD[1]);
    expect([isNew(database, "database 2"), isNew(jwt, "jwt 1")]).toEqual([true, true]);
  });

  test("a way back begins anew, and a name or number that only begins alike is another", () => {
    const [database, data] = record(
      ["database 1", "data 1"],
      ["database 12 2020-01-01T00:00:00Z", "dat 1 2020-01-01T00:00:00Z"],
    );
    expect([isNew(database, "database 1"), isNew(data, "data 1")]).toEqual([true, true]);
  });

  test("revisions are texts, also those that look like one number", () => {
    const [telegram] = record(["telegram 0e000001"], ["telegram 00000000 2020-01-01T00:00:00Z"]);
    expect(isNew(telegram, "telegram 0e000001")).toBe(true);
  });

  test("what is there no more is forgotten", () => {
    const left = record(["database 1"], OLD);
    expect(left).toEqual([OLD[0]]);
    const [, telegram] = record(["database 1", "telegram 0a1b2c3d"], left);
    expect(isNew(telegram, "telegram 0a1b2c3d")).toBe(true);
  });
});

// For every rule of both schemas a value that breaks it, refused with its exact message and nothing besides.
import { mkdtempSync, rmSync } from "node:fs";

import { parseSettings } from "../../components/settings/load-settings";
import { formatProblem } from "../../components/settings/problems";
import { completeValues, STACKS, SYSTEMS, TEST_FOLDERS } from "../support/stacks";
import { Case, FORMATS, known, OTHERS } from "./cases";
import { makeCertificates } from "./certificates";
import { CHECK_CASES } from "./check-cases";
import { idOf } from "./rules";
import { casesOf, changed, load, Loaded, roundsOf, written } from "./system-cases";

/** What is said of the values, each problem with its fix. */
function problems({ schema }: Pick<Loaded, "schema">, values: unknown, now = new Date()): string[] {
  jest.useFakeTimers({ now, doNotFake: ["setImmediate", "setTimeout"] });
  try {
    return parseSettings(schema, values).problems.map(formatProblem);
  } finally {
    jest.useRealTimers();
  }
}

const refused = (loaded: Loaded, { set, now }: Omit<Case, "message">): string =>
  problems(loaded, changed(loaded, set), now).join("\n");

const before = process.cwd();
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(TEST_FOLDERS);
  makeCertificates(folder);
  process.chdir(folder);
});
afterAll(() => {
  process.chdir(before);
  rmSync(folder, { recursive: true });
});

describe.each(SYSTEMS)("$project", (system) => {
  let loaded: Loaded;

  beforeAll(async () => (loaded = await load(system)));

  test.each(STACKS)("nothing is wrong with the values of %s", (stack) => {
    expect(problems(loaded, completeValues(stack, system))).toEqual([]);
  });

  test("an image by a tag that can move is named", () => {
    expect(refused(loaded, { set: { "images.app": "registry/app:1.2" } })).toBe(
      '  images.app: want an image by digest, name@sha256:… (a tag can move), got "registry/app:1.2"',
    );
  });

  test("every rule has a case", () => {
    const without = loaded.rules.filter((rule) => casesOf(system, rule).length === 0).map(idOf);
    expect(without).toEqual([]);
    expect(new Set(loaded.rules.map(idOf)).size).toBe(loaded.rules.length);
    expect(loaded.rules.length).toBeGreaterThan(250);
  });

  test("every case is refused, with its message alone", () => {
    const cases = loaded.rules.flatMap((rule) => casesOf(system, rule).map((each) => ({ rule: idOf(rule), ...each })));
    const said = cases.map((each) => ({ rule: each.rule, message: refused(loaded, each) }));
    expect(said).toEqual(cases.map(({ rule, message }) => ({ rule, message })));
  });

  test("many mistakes at once are all told", () => {
    const rounds = roundsOf(system, loaded);
    for (const { set, messages } of rounds) {
      expect(problems(loaded, changed(loaded, set)).sort()).toEqual([...messages].sort());
    }
    expect(rounds.length).toBeLessThan(loaded.rules.length / 4);
  });

  test("no case is left that no rule asks for", () => {
    const asked = loaded.rules.map((rule) => written(system, rule)?.pattern);
    expect(Object.keys(CHECK_CASES[system.project] ?? {}).filter((pattern) => !asked.includes(pattern))).toEqual([]);
  });
});

test("no format or refinement is left that no rule of either system asks for", async () => {
  const rules = (await Promise.all(SYSTEMS.map(load))).flatMap((loaded) => loaded.rules);
  const asked = rules.flatMap((rule) => [known(FORMATS, rule.path), known(OTHERS, rule.path, `: ${rule.kind}`)]);
  expect([...Object.keys(FORMATS), ...Object.keys(OTHERS)].filter((key) => !asked.includes(key))).toEqual([]);
});

// The limits that a program's schema knows, read from real TypeScript with the real zod.
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { needsOf, type Rules } from "../../scripts/lib/doctor/needs.mts";
import { readRules } from "../../scripts/lib/doctor/rules.mts";

const REPOSITORY = join(import.meta.dirname, "..", "..");
let dir: string;

/** Like a program's: an import without extension, and a type among the imported names. */
const SETTINGS = `import { z } from "zod";
import { limit, Limit } from "./limit";
const least: Limit = { floor: 64 };
export const schema = z.strictObject({
  limits: z.strictObject({ api: limit(least), db: limit({ floor: 128 }) }).prefault({}),
  replicas: z.strictObject({ api: z.int().min(1).default(2) }).prefault({}),
}).superRefine(() => undefined);
`;
const LIMIT = `import { z } from "zod";
export interface Limit { readonly floor: number }
export const limit = ({ floor }: Limit) =>
  z.strictObject({ cpus: z.number().default(1), memoryMiB: z.int().min(floor).default(256) }).prefault({});
`;

function write(name: string, text: string): void {
  writeFileSync(join(dir, name), text);
}

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "rules-"));
  symlinkSync(join(REPOSITORY, "node_modules"), join(dir, "node_modules"));
  write("settings.ts", SETTINGS);
  write("limit.ts", LIMIT);
});

afterEach(() => {
  rmSync(dir, { recursive: true });
});

const keptFile = (): string => join(dir, ".dockwright", "settings-rules.json");

async function services(keep: boolean): Promise<string[]> {
  const rules = await readRules(dir, keep);
  assert.notEqual(typeof rules, "string", String(rules));
  return needsOf(rules as Rules, {}).map(
    (need) => `${need.service} ${need.replicas} ${need.memoryMiB} ${need.leastMiB}`,
  );
}

test("limits and replicas come from settings.ts; looking writes nothing", async () => {
  assert.deepEqual(await services(false), ["api 2 256 64", "db 1 256 128"]);
  assert.ok(!existsSync(join(dir, ".dockwright")));
});

test("what was read is kept until one of its files changes", async () => {
  await services(true);
  const kept = readFileSync(keptFile(), "utf8");
  writeFileSync(keptFile(), kept.replaceAll("256", "300"));
  assert.deepEqual(await services(true), ["api 2 300 64", "db 1 300 128"]);

  write("limit.ts", LIMIT.replace("256", "512"));
  assert.deepEqual(await services(true), ["api 2 512 64", "db 1 512 128"]);
  assert.match(readFileSync(keptFile(), "utf8"), /512/);
});

test("a damaged or foreign file of kept rules is made anew", async () => {
  await services(true);
  for (const text of ["{", "null", '{"inputs":{}}', '{"inputs":{},"limits":{},"replicas":{}}']) {
    writeFileSync(keptFile(), text);
    assert.deepEqual(await services(true), ["api 2 256 64", "db 1 256 128"]);
  }
});

test("why the rules are not known is one line, and nothing is kept", async () => {
  const reasons: [file: string, text: string, reason: RegExp][] = [
    ["settings.ts", "export const other = 1;\n", /^\S+settings\.ts exports no schema$/],
    ["settings.ts", "throw new TypeError('no such thing');\n", /^TypeError: no such thing$/],
    ["settings.ts", 'import "./nowhere";\n', /^Error: Cannot find module '.\/nowhere'$/],
    ["settings.ts", "while (true);\n", /^no answer within 3 s$/],
  ];
  for (const [file, text, reason] of reasons) {
    write(file, text);
    assert.match(String(await readRules(dir, true, 3_000)), reason);
  }
  rmSync(join(dir, "settings.ts"));
  assert.match(String(await readRules(dir, true)), /^there is no \S+settings\.ts$/);
  assert.ok(!existsSync(keptFile()));
});

test("this repository's own settings have limits for each of Lunch Bot's services", async () => {
  const rules = (await readRules(REPOSITORY, false)) as Rules;
  const needs = new Map(needsOf(rules, {}).map((need) => [need.service, need]));
  assert.equal(needs.size, 10);
  assert.deepEqual(needs.get("backend"), {
    service: "backend",
    replicas: 1,
    cpus: 2,
    memoryMiB: 2048,
    leastMiB: 64,
    overlap: true,
  });
  assert.equal(needs.get("kafka")?.leastMiB, 512);
});

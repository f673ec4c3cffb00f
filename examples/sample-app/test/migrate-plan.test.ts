import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { describe, it } from "node:test";
import { migrateArguments, migrationsIn, plan, schemas } from "../src/migrate/plan.ts";

const files = [
  "0001_a.up.sql",
  "0001_a.down.sql",
  "0002_b.up.sql",
  "0002_b.down.sql",
  "0003_c.up.sql",
  "0003_c.down.sql",
];
const known = migrationsIn(files);
const steps = (applied: number[], target?: number) =>
  plan(applied, known, target).map((step) => `${step.direction} ${step.revision}`);

describe("plan", () => {
  for (const [when, applied, target, want] of [
    ["an empty schema goes all the way up", [], undefined, ["up 1", "up 2", "up 3"]],
    ["a schema in between goes on", [1], undefined, ["up 2", "up 3"]],
    ["a current schema stays", [1, 2, 3], undefined, []],
    ["a newer schema stays", [1, 2, 3, 4], undefined, []],
    ["a target above goes up to it", [1], 2, ["up 2"]],
    ["a target below goes down to it, newest first", [1, 2, 3], 1, ["down 3", "down 2"]],
    ["zero takes everything down", [1, 2], 0, ["down 2", "down 1"]],
  ] as const) {
    it(when, () => assert.deepEqual(steps([...applied], target), want));
  }

  it("refuses to take down what it does not know", () => {
    assert.throws(() => steps([1, 2, 3, 4], 1), /revision 4 is newer than this image/);
  });

  it("refuses a target it does not know", () => assert.throws(() => steps([], 4), /want 0 to 3, got 4/));
});

describe("migrationsIn", () => {
  for (const [schema, want] of [
    ["lunch-bot", ["menu", "orders", "notifications"]],
    ["task-tracker", ["jobs", "messages", "message_keys"]],
  ] as const) {
    it(`reads the migrations of ${schema}`, () => {
      const own = migrationsIn(readdirSync(new URL(`../migrations/${schema}/`, import.meta.url)));
      assert.deepEqual(
        own.map((migration) => migration.name),
        want,
      );
    });
  }

  it("has a set for every schema that can be named", () => {
    assert.deepEqual(readdirSync(new URL("../migrations/", import.meta.url)).sort(), [...schemas]);
  });

  it("refuses a gap, a missing way down and a foreign file", () => {
    assert.throws(() => migrationsIn(["0002_b.up.sql", "0002_b.down.sql"]), /want 1 next/);
    assert.throws(() => migrationsIn(["0001_a.up.sql"]), /want 0001_a.down.sql/);
    assert.throws(() => migrationsIn(["notes.txt"]), /want only files/);
  });
});

describe("migrateArguments", () => {
  for (const [args, schema, target] of [
    [[], "lunch-bot", undefined],
    [["--to", "0002"], "lunch-bot", 2],
    [["--schema", "task-tracker"], "task-tracker", undefined],
    [["--schema", "task-tracker", "--to", "0"], "task-tracker", 0],
    [["--to", "1", "--schema", "lunch-bot"], "lunch-bot", 1],
  ] as const) {
    it(`reads "${args.join(" ")}"`, () => assert.deepEqual(migrateArguments(args), { schema, target }));
  }

  it("refuses anything else", () => {
    for (const args of [["--to"], ["--to", "x"], ["2"], ["--to", "1", "2"], ["--schema", "other"], ["--schema"]])
      assert.throws(() => migrateArguments(args), /want --schema lunch-bot or task-tracker/);
  });
});

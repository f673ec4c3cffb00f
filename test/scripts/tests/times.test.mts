import assert from "node:assert/strict";
import { test } from "node:test";
import type { Ended } from "../../../scripts/lib/tests/counts.mts";
import type { TestResult } from "../../../scripts/lib/tests/results.mts";
import { readRecord, timesOf, timesTable, type Took } from "../../../scripts/lib/tests/times.mts";

const result = (file: string, name: string): TestResult => ({ file, name, status: "passed", seconds: 1 });
const took = (file: string, kind: Took["kind"], seconds: number): Took => ({
  ...{ file, kind, seconds },
  ...{ test: "a", what: "./dev" },
});

const e2e: Ended = {
  name: "e2e",
  runner: "jest",
  exitCode: 0,
  seconds: 700.04,
  timed: true,
  report: {
    tests: [
      result("tls.test.ts", "a"),
      result("tls.test.ts", "b"),
      result("docs.test.ts", "c"),
      result("x.test.ts", "d"),
    ],
    files: [
      { file: "tls.test.ts", seconds: 100 },
      { file: "docs.test.ts", seconds: 600.5 },
      { file: "x.test.ts", seconds: 0.5 },
    ],
  },
};
const unit: Ended = {
  name: "unit",
  runner: "jest",
  exitCode: 0,
  seconds: 12.3,
  report: { tests: [result("tls.test.ts", "a")], files: [{ file: "tls.test.ts", seconds: 12 }] },
};
const types: Ended = { name: "types", runner: "plain", exitCode: 0, seconds: 9.96 };

const RECORD = [
  took("tls.test.ts", "up", 30.25),
  took("tls.test.ts", "up", 40.5),
  took("docs.test.ts", "up", 300),
  took("docs.test.ts", "wait", 0.5),
  took("docs.test.ts", "other", 5),
  took("gone.test.ts", "up", 1000),
];

test("times are added up for every file and every suite, files that took longest first", () => {
  assert.deepEqual(timesOf([e2e], RECORD), [
    {
      ...{ name: "e2e", seconds: 700.04, tests: 4 },
      kinds: { up: { times: 3, seconds: 370.75 }, wait: { times: 1, seconds: 0.5 } },
      files: [
        {
          ...{ name: "docs.test.ts", seconds: 600.5, tests: 1 },
          kinds: { up: { times: 1, seconds: 300 }, wait: { times: 1, seconds: 0.5 } },
        },
        { name: "tls.test.ts", seconds: 100, tests: 2, kinds: { up: { times: 2, seconds: 70.75 } } },
      ],
    },
  ]);
});

test("a suite that writes nothing down has no part in another's record, though files are called alike", () => {
  assert.deepEqual(timesOf([unit], RECORD), [{ name: "unit", seconds: 12.3, tests: 1, kinds: {}, files: [] }]);
});

test("a suite without a report is one test", () => {
  assert.deepEqual(timesOf([types], RECORD), [{ name: "types", seconds: 9.96, tests: 1, kinds: {}, files: [] }]);
});

test("an empty report has no test", () => {
  const empty: Ended = { name: "scripts", runner: "node", exitCode: 0, seconds: 1, report: { tests: [] } };
  assert.deepEqual(timesOf([empty], RECORD), [{ name: "scripts", seconds: 1, tests: 0, kinds: {}, files: [] }]);
});

test("lines of the record that were cut off or mixed up are left out", () => {
  const [first, second] = RECORD.map((line) => JSON.stringify(line));
  const text = `${first}\n${second?.slice(0, 20)}\n${first}${second}\n\nwords\n${second}\n{"file":`;
  assert.deepEqual(readRecord(text), RECORD.slice(0, 2));
  assert.deepEqual(readRecord(""), []);
});

test("a file of which only other things were written down has a line without kinds", () => {
  const [times] = timesOf([e2e], [took("x.test.ts", "other", 5)]);
  assert.deepEqual(times?.kinds, {});
  assert.deepEqual(times.files, [{ name: "x.test.ts", seconds: 0.5, tests: 1, kinds: {} }]);
});

test("the table has a head and aligned columns", () => {
  assert.deepEqual(timesTable(timesOf([types, unit, e2e], RECORD)), [
    "    suite or file   seconds  tests         up  down  preview  build     wait",
    "    types              10.0      1",
    "    unit               12.3      1",
    "    e2e               700.0      4  3 × 371 s                        1 × 1 s",
    "      docs.test.ts    600.5      1  1 × 300 s                        1 × 1 s",
    "      tls.test.ts     100.0      2   2 × 71 s",
  ]);
});

test("a table of nothing is its head", () => {
  assert.deepEqual(timesTable([]), ["    suite or file  seconds  tests  up  down  preview  build  wait"]);
});

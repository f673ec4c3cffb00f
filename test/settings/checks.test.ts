import { z } from "zod";

import { Check, connectionsFit, withChecks } from "../../components";
import { parseSettings } from "../../components/settings/load-settings";

interface Pair {
  readonly low: number;
  readonly high?: number | undefined;
}

const ORDER: Check<Pair> = {
  name: "order",
  reads: ["low", "high"],
  violations: ({ low, high = 10 }) => (low <= high ? [] : [{ path: "high", want: `${low} or more` }]),
};

const schema = withChecks(
  z.strictObject({ low: z.int().default(20), high: z.int().default(10), other: z.int().optional() }),
  [ORDER, { ...ORDER, name: "again", violations: () => [{ path: "low", want: "less", got: "more", fix: "lower it" }] }],
);

test("a check says what it found, with the value that counts, be it a default", () => {
  expect(parseSettings(schema, {}).problems).toEqual([
    { path: "high", want: "20 or more", got: "10", fix: "pulumi config set --path 'high' VALUE" },
    { path: "low", want: "less", got: "more", fix: "lower it" },
  ]);
});

test("it is asked beside other problems, but not where what it reads is wrong by itself", () => {
  const paths = (values: object) => parseSettings(schema, values).problems.map(({ path }) => path);
  expect(paths({ other: "x", low: 11 })).toEqual(["other", "high", "low"]);
  expect(paths({ unknown: 1, low: 11 })).toEqual(["unknown", "high", "low"]);
  expect(paths({ low: "x" })).toEqual(["low"]);
  expect(parseSettings(schema, "text").problems).toEqual([{ path: "", want: "a value of type object", got: '"text"' }]);
});

test("a value around or inside what a check reads counts as well", () => {
  const at = (path: string): Check<unknown> => ({
    ...ORDER,
    reads: [path],
    violations: () => [{ path: "x", want: "y" }],
  });
  const nested = (path: string) => withChecks(z.object({ a: z.object({ b: z.int() }), ab: z.int() }), [at(path)]);
  const paths = (path: string, values: object) => parseSettings(nested(path), values).problems.map((each) => each.path);
  expect(paths("a.b", { a: 1, ab: 1 })).toEqual(["a"]);
  expect(paths("a", { a: { b: "x" }, ab: 1 })).toEqual(["a.b"]);
  expect(paths("a", { a: { b: 1 }, ab: "x" })).toEqual(["ab", "x"]);
});

test("connections: replicas, processes and both of old and new, unless the old goes first", () => {
  const { violations } = connectionsFit<{ database: { maxConnections: number } }>({
    reads: ["replicas.api"],
    uses: () => [
      { service: "api", replicas: 2, processes: 4, connections: 15 },
      { service: "worker", connections: 15, overlap: false },
    ],
  });
  expect(violations({ database: { maxConnections: 260 } })).toEqual([]);
  expect(violations({ database: { maxConnections: 259 } })).toEqual([
    {
      path: "database.maxConnections",
      want: "260 or more, in an update that is 240 of api, 15 of worker, 5 kept back",
      fix: "pulumi config set --path 'database.maxConnections' 260, or lower replicas.api",
    },
  ]);
});

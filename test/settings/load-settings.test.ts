import { z } from "zod";

import { loadSettings, limitsFragment, replicasFragment, rotationFragment } from "../../components";
import { parseSettings, setCommand } from "../../components/settings/load-settings";
import { formatProblem, show } from "../../components/settings/problems";
import { failing, graph } from "../support/harness";

/** Loads a configuration with a schema of one key. */
async function load(type: z.ZodType, config: Record<string, string>): Promise<unknown> {
  let settings: { key?: unknown } | undefined;
  await graph({ project: "shop", config }, () => (settings = loadSettings(z.strictObject({ key: type.optional() }))));
  return settings?.key;
}

test.each<[string, z.ZodType, string, unknown]>([
  ["text", z.string(), "a b", "a b"],
  ["a number", z.number(), "8080", 8080],
  ["a boolean", z.boolean(), "true", true],
  ["an object", z.object({ a: z.number() }), '{"a":1}', { a: 1 }],
  ["a list", z.array(z.string()), '["a"]', ["a"]],
])("%s arrives with its type", async (_what, type, raw, value) => {
  expect(await load(type, { "shop:key": raw })).toEqual(value);
});

test("keys of other namespaces, such as a provider's, are left alone", async () => {
  expect(await load(z.string(), { "docker:host": "x", "shopping:key": "x", "shop:key": "own" })).toBe("own");
});

test("the error is one for users, without a stack trace", async () => {
  const schema = z.strictObject({ port: z.int().optional() });
  const run = await failing({ project: "shop", config: { "shop:key": "x" } }, () => loadSettings(schema));
  expect(run.failure).toBe(
    "stack configuration: 1 problem(s), nothing was changed\n" +
      "  key: want one of the known keys port, got an unknown key",
  );
});

test("parsing fills in defaults and reports nothing when all is well", () => {
  const schema = z.strictObject({ port: z.int().default(80) });
  expect(parseSettings(schema, {})).toEqual({ settings: { port: 80 }, problems: [] });
  expect(parseSettings(schema, { port: "x" })).toEqual({
    problems: [{ path: "port", want: "a value of type number", got: '"x"' }],
  });
});

test("the command that sets a key asks for a secret's value instead of naming it", () => {
  expect(setCommand(["edge", "httpPort"], false)).toBe("pulumi config set --path 'edge.httpPort' VALUE");
  expect(setCommand(["secrets", "token"], true)).toBe("pulumi config set --secret --path 'secrets.token'");
});

test("a problem is one line, its fix another", () => {
  const problem = { path: "a.b", want: "1 or more", got: "0" };
  expect(formatProblem(problem)).toBe("  a.b: want 1 or more, got 0");
  expect(formatProblem({ ...problem, fix: "do" })).toBe("  a.b: want 1 or more, got 0\n    fix: do");
});

test("shown values are short", () => {
  expect(show(undefined)).toBe("nothing");
  expect(show("x")).toBe('"x"');
  expect(show("x".repeat(200))).toHaveLength(80);
});

test("fragments give every service, replica count and generation its default", () => {
  const limit = { cpus: 1, memoryMiB: 64, pids: 100 };
  expect(limitsFragment({ api: { floorMiB: 32, default: limit } }).parse(undefined)).toEqual({ api: limit });
  expect(
    limitsFragment({ api: { floorMiB: 32, default: { cpus: 1, memoryMiB: 64 } } }).parse({ api: { cpus: 2 } }),
  ).toEqual({ api: { cpus: 2, memoryMiB: 64, pids: 512 } });
  expect(replicasFragment(["api"]).parse(undefined)).toEqual({ api: 1 });
  expect(rotationFragment(["database"]).parse({})).toEqual({ database: 1 });
});

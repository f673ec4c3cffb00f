import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { UserError } from "../../../scripts/lib/run.mts";
import { readE2eFile, readE2eFiles } from "../../../scripts/lib/tests/e2e-files.mts";

const FOLDER = join(import.meta.dirname, "../../e2e");

const read = (text: string) => readE2eFile("up.test.ts", text);
const refusal = (got: string) => (error: unknown) => {
  assert.ok(error instanceof UserError);
  assert.equal(error.message, `up.test.ts: want @runs beside others or @runs alone in its first comment, got ${got}`);
  return true;
};

test("a file says how it may run", () => {
  const text = "/**\n * What it is about.\n *\n * @runs beside others\n */\nimport {};\n";
  assert.deepEqual(read(text), { file: "up.test.ts", runs: "beside others" });
  assert.deepEqual(read("/** @runs alone */\n"), { file: "up.test.ts", runs: "alone" });
});

test("a file that says nothing, says it elsewhere or says something else is refused", () => {
  assert.throws(() => read("import {};\n"), refusal("nothing"));
  assert.throws(() => read("/** What it is about. */\n"), refusal("nothing"));
  assert.throws(() => read("import {};\n/** @runs alone */\n"), refusal("nothing"));
  assert.throws(() => read("// @runs alone\n"), refusal("nothing"));
  assert.throws(() => read("/** @runs first */\n"), refusal('"first"'));
  assert.throws(() => read("/** @runs */\n"), refusal('""'));
  assert.throws(() => read("/**\n * @runs alone\n * @runs beside others\n */\n"), refusal('"alone,beside others"'));
});

test("a file names what it covers in one line, in several, or after several words", () => {
  const covers = (lines: readonly string[]) => read(`/**\n${lines.map((line) => ` * ${line}\n`).join("")} */\n`).covers;
  assert.deepEqual(covers(["@runs alone", "@covers dev scripts/lib/"]), ["dev", "scripts/lib/"]);
  assert.deepEqual(covers(["@covers dev  scripts/", "  images/", "@runs alone"]), ["dev", "scripts/", "images/"]);
  assert.deepEqual(covers(["@covers dev", "@covers images/ scripts/", "@runs alone"]), ["dev", "images/", "scripts/"]);
  assert.equal(covers(["@covers", "@runs alone"]), undefined);
});

test("every file of e2e tests says how it may run", () => {
  const names = readdirSync(FOLDER).filter((name) => name.endsWith(".test.ts"));
  assert.ok(names.length > 0);
  assert.deepEqual(
    readE2eFiles(FOLDER).map(({ file }) => file),
    names.sort(),
  );
});

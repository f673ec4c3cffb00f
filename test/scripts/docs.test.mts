// What `./dev docs` makes is in the repository as it would be made now, and a gap in the comments stops it.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { configurationTables, keysOf, programSchema, type Schema } from "../../scripts/lib/docs/configuration.mts";
import { brokenLinks } from "../../scripts/lib/docs/links.mts";
import { loader } from "../../scripts/lib/docs/mocked-run.mts";

const ROOT = join(import.meta.dirname, "..", "..");
const PAGES = ["configuration.md", "environments.md", "networks.md"];
const MADE = ["reference/*.md", ...PAGES, "schema/*.json", "pictures/topology*.svg"];
let folder: string;

before(() => {
  folder = mkdtempSync(join(tmpdir(), "docs-"));
});
after(() => rmSync(folder, { recursive: true }));

function docs(root: string, ...args: string[]): { readonly status: number | null; readonly err: string } {
  const done = spawnSync("node", [join(root, "scripts", "docs.mts"), ...args], { encoding: "utf8" });
  return { status: done.status, err: done.stderr };
}

const made = (dir: string): string[] => MADE.flatMap((pattern) => globSync(pattern, { cwd: dir })).sort();

test("what is committed is what would be made now; if not, run ./dev docs", () => {
  const out = join(folder, "made");
  assert.deepEqual(docs(ROOT, out), { status: 0, err: "" });
  assert.deepEqual(made(join(ROOT, "docs")), made(out));
  const stale = made(out).filter(
    (file) => readFileSync(join(out, file), "utf8") !== readFileSync(join(ROOT, "docs", file), "utf8"),
  );
  assert.deepEqual(stale, []);
});

/** A copy of what the documentation is made of. */
function copy(name: string): string {
  const root = join(folder, name);
  for (const part of ["components", "scripts", "docs", "package.json", "tsconfig.json", "README.md"]) {
    mkdirSync(dirname(join(root, part)), { recursive: true });
    cpSync(join(ROOT, part), join(root, part), { recursive: true });
  }
  symlinkSync(join(ROOT, "node_modules"), join(root, "node_modules"));
  return root;
}

function edit(file: string, from: string, to: string): void {
  const text = readFileSync(file, "utf8");
  assert.equal(text.split(from).length, 2, `${file} has ${from} once`);
  writeFileSync(file, text.replace(from, to));
}

test("a comment that is missing, a default that is not told and a broken link stop it, all named at once", () => {
  const root = copy("gaps");
  const service = (name: string): string => join(root, "components", "services", `${name}.ts`);
  edit(service("postgres"), "/** Database the applications use. */", "");
  edit(
    service("postgres"),
    'for drivers that want their own. @default "postgresql"',
    "for drivers that want their own.",
  );
  edit(service("redis"), "Arguments of {@link Redis}", "Arguments of {@link Rediss}");
  const { status, err } = docs(root, join(folder, "never"));
  assert.equal(status, 1);
  assert.match(err, /^error: the reference has 3 gap\(s\)\n/);
  assert.match(err, /PostgresArgs\.database \(Property\)[^\n]* does not have any documentation/);
  assert.match(err, /PostgresArgs\.urlScheme is optional and has no @default/);
  assert.match(err, /Rediss/);
  assert.doesNotMatch(err, /\n\s+at /);
  assert.deepEqual(globSync("**", { cwd: join(folder, "never") }), []);
});

test("links to files and headings that are not there are found, others are not", () => {
  const root = join(folder, "links");
  mkdirSync(join(root, "docs"), { recursive: true });
  writeFileSync(
    join(root, "README.md"),
    "# Top\n[a](docs/a.md) [b](docs/a.md#the-one--only) [c](docs) [d](https://x.invalid)\n",
  );
  writeFileSync(
    join(root, "docs", "a.md"),
    "# The one & only\n[up](../README.md#top) [x](b.md) ![y](c.svg) [z](#nowhere)\n",
  );
  assert.deepEqual(brokenLinks(root), [
    "docs/a.md: the link b.md leads nowhere",
    "docs/a.md: the link c.svg leads nowhere",
    "docs/a.md: the link #nowhere leads nowhere",
  ]);
});

interface Field {
  readonly shape?: Readonly<Record<string, Field>>;
  unwrap?(): Field;
  safeParse(value: unknown): { readonly success: boolean };
}

/** The schema of one key, by its path. */
function fieldAt(schema: Field, path: readonly string[]): Field | undefined {
  let at: Field | undefined = schema;
  for (const key of path) {
    while (at && !at.shape && at.unwrap) at = at.unwrap();
    at = at?.shape?.[key];
  }
  return at;
}

for (const [project, folder] of Object.entries({
  "lunch-bot": ROOT,
  "task-tracker": join(ROOT, "examples", "task-tracker"),
})) {
  test(`every key of the configuration of ${project} is described, and its example fits`, () => {
    const keys = keysOf(programSchema(folder));
    assert.ok(keys.length > 60);
    assert.ok(keys.some(({ path }) => path === "limits.nginx.memoryMiB"));
    const { schema } = loader(folder)(join(folder, "settings.ts")) as { schema: Field };
    for (const { path, example } of keys) {
      const field = fieldAt(schema, path.split("."));
      assert.ok(field?.safeParse(example).success, `${path}: ${JSON.stringify(example)}`);
    }
  });
}

test("a key that nobody has described stops it", () => {
  const silent: Schema = { properties: { app: { properties: { color: { type: "string" } } } } };
  assert.throws(
    () => configurationTables("shop", silent),
    /1 key\(s\) of the configuration have no description or no example/,
  );
});

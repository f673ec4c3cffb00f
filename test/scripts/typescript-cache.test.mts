import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterEach, beforeEach, test } from "node:test";

const LOADER = resolve("scripts/lib/typescript-cache.cjs");
let program = "";

beforeEach(() => {
  program = mkdtempSync(join(tmpdir(), "typescript-cache-"));
  mkdirSync(join(program, "node_modules"));
  symlinkSync(resolve("node_modules/typescript"), join(program, "node_modules/typescript"));
  writeFileSync(join(program, "package.json"), "{}");
  writeFileSync(join(program, "part.ts"), 'export const part: string = "part";\n');
  writeFileSync(
    join(program, "index.ts"),
    'import { part } from "./part";\nclass A { constructor(readonly x: string) {} }\nconsole.log(new A(part).x);\n',
  );
});
afterEach(() => rmSync(program, { recursive: true }));

const cache = () => join(program, "cache");
const kept = () => readdirSync(join(cache(), "typescript")).sort();

/** Loads index.ts as the SDK does, and says afterwards who loads TypeScript and whether the compiler was needed. */
function run(
  environment: Record<string, string> = {},
  statement = 'require("./index.ts");',
  nodeArgs: readonly string[] = [],
) {
  const code = [
    statement,
    'const compiler = Object.keys(require.cache).some((file) => file.endsWith("typescript.js"));',
    "console.log(process.env.PULUMI_NODEJS_TYPESCRIPT, compiler);",
  ].join("\n");
  writeFileSync(join(program, "main.cjs"), code);
  const { stdout, stderr, status } = spawnSync(process.execPath, [...nodeArgs, "--require", LOADER, "main.cjs"], {
    cwd: program,
    encoding: "utf8",
    env: {
      ...process.env,
      NODE_OPTIONS: "",
      NODE_COMPILE_CACHE: cache(),
      PULUMI_NODEJS_TRANSPILE_ONLY: "true",
      PULUMI_NODEJS_TYPESCRIPT: "true",
      ...environment,
    },
  });
  return { lines: stdout.trim().split("\n"), stderr, status };
}

test("the first run compiles, the second does without the compiler", () => {
  assert.deepEqual(run().lines, ["part", "false true"]);
  const files = kept();
  assert.equal(files.length, 2);
  assert.deepEqual(run().lines, ["part", "false false"]);
  assert.deepEqual(kept(), files);
});

test("a changed file, a changed tsconfig.json: never what was compiled before", () => {
  run();
  writeFileSync(join(program, "part.ts"), 'export const part = "other";\n');
  assert.deepEqual(run().lines, ["other", "false true"]);
  assert.equal(kept().length, 3);
  writeFileSync(
    join(program, "tsconfig.json"),
    '{ "compilerOptions": { "target": "ES2022" } } // comments are allowed',
  );
  assert.deepEqual(run().lines, ["other", "false true"]);
  assert.equal(kept().length, 5);
});

test("an error of syntax names file and line, and is not kept", () => {
  writeFileSync(join(program, "part.ts"), "export const part = ;\n");
  const { stderr, status } = run();
  assert.equal(status, 1);
  assert.match(stderr, /part\.ts\(1,21\): error TS1109: Expression expected\./);
  assert.equal(kept().length, 1);
});

test("a program below a package imports it by name: its TypeScript, and no stale build, where nodeargs asks for that", () => {
  const library = mkdtempSync(join(tmpdir(), "typescript-cache-library-"));
  const write = (name: string, text: string): void => {
    mkdirSync(join(library, dirname(name)), { recursive: true });
    writeFileSync(join(library, name), text);
  };
  const paths = { "dockwright-source": "./components/index.ts", default: "./dist/index.js" };
  write("package.json", JSON.stringify({ name: "dockwright", exports: { ".": paths } }));
  write("components/index.ts", 'export const from: string = "source";\n');
  write("dist/index.js", 'exports.from = "build";\n');
  write("examples/shop/index.ts", 'import { from } from "dockwright";\nconsole.log(from);\n');
  symlinkSync(resolve("node_modules"), join(library, "node_modules"));
  rmSync(program, { recursive: true });
  program = join(library, "examples", "shop");
  assert.deepEqual(run({}, undefined, ["--conditions=dockwright-source"]).lines, ["source", "false true"]);
  write("components/index.ts", 'export const from: string = "changed";\n');
  assert.deepEqual(run({}, undefined, ["--conditions=dockwright-source"]).lines, ["changed", "false true"]);
  assert.deepEqual(run().lines, ["build", "false false"]);
  program = library;
});

/** Who is to load TypeScript: "true" for the SDK. */
const loader = (environment: Record<string, string> = {}) => run(environment, "").lines.at(-1);

test("an ES module, or a tsconfig.json that extends another, is left to the SDK's own loader", () => {
  assert.equal(loader(), "false false");
  writeFileSync(join(program, "tsconfig.json"), '{ "extends": "./base.json" }');
  assert.equal(loader(), "true false");
  rmSync(join(program, "tsconfig.json"));
  writeFileSync(join(program, "package.json"), '{ "type": "module" }');
  assert.equal(loader(), "true false");
});

test("so is a program whose types are to be checked, and one without a cache", () => {
  assert.equal(loader({ PULUMI_NODEJS_TRANSPILE_ONLY: "false" }), "true false");
  assert.equal(loader({ NODE_COMPILE_CACHE: "" }), "true false");
  assert.equal(loader({ PULUMI_NODEJS_TYPESCRIPT: "no" }), "no false");
});

// What a script gets for `dockwright` that loads a program: the sources where they are, else what is installed.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterEach, beforeEach, test } from "node:test";

const HELPER = resolve("scripts/lib/library-source.mts");
const EXPORTS = { ".": { "dockwright-source": "./components/index.cjs", default: "./dist/index.cjs" } };
let folder = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "library-source-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Writes a package that says from where it was loaded. */
function pack(at: string, parts: readonly string[]): void {
  write(join(at, "package.json"), JSON.stringify({ name: "dockwright", exports: EXPORTS }));
  for (const part of parts) write(join(at, part, "index.cjs"), `module.exports = "${part}";`);
}

function write(name: string, text: string): void {
  mkdirSync(join(folder, dirname(name)), { recursive: true });
  writeFileSync(join(folder, name), text);
}

/** What a program in a folder finds. */
function found(program: string): string {
  const code = `
    import { createRequire } from "node:module";
    import { preferLibrarySource } from ${JSON.stringify(HELPER)};
    preferLibrarySource();
    console.log(createRequire(process.argv[1])("dockwright"));`;
  const args = ["--input-type=module", "--eval", code, join(folder, program, "index.cjs")];
  return execFileSync(process.execPath, args, { encoding: "utf8" }).trim();
}

test("a program of the library's repository finds the sources, also beside a build", () => {
  pack(".", ["components", "dist"]);
  assert.equal(found("examples/shop"), "components");
});

test("a project elsewhere finds the package that it has installed, which has no sources", () => {
  pack("node_modules/dockwright", ["dist"]);
  assert.equal(found("."), "dist");
});

// Usage: build-package.mts
// Makes dist/, what the npm package holds: the library as JavaScript with its types. Node does not strip types from
// packages, so its sources alone could not be loaded from another project's node_modules. npm runs it before it packs,
// also for a project that names this repository by its git URL; a clone does not need it.
import { cpSync, globSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { output, script } from "./lib/run.mts";

const ROOT = join(import.meta.dirname, "..");
const LIBRARY = join(ROOT, "components");
const DIST = join(ROOT, "dist");

await script(() => {
  const { npm_command: command = "", INIT_CWD: folder } = process.env;
  if (["ci", "install"].includes(command) && folder === ROOT) return;
  rmSync(DIST, { recursive: true, force: true });
  const compiler = join(ROOT, "node_modules", "typescript", "bin", "tsc");
  output(process.execPath, [compiler, "--project", join(ROOT, "tsconfig.build.json")]);
  // The scripts that run inside containers are read at run time.
  for (const file of globSync(join(LIBRARY, "*", "scripts", "*"))) cpSync(file, join(DIST, relative(LIBRARY, file)));
});

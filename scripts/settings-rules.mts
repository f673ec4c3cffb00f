// Usage: settings-rules.mts PROJECT_DIR
// Prints as JSON what the project's settings.ts says of `limits`, `replicas` and `images` (JSON Schema, defaults and
// minima included), and the hash of each file that it was read from. Values of a stack play no part.
import { createRequire } from "node:module";
import { dirname, sep } from "node:path";
import { existsSync, readFileSync } from "node:fs";
import { transformSync } from "@swc/core";
import { fileHash, settingsModule } from "./lib/doctor/rules.mts";
import { preferLibrarySource } from "./lib/library-source.mts";
import { script, UserError } from "./lib/run.mts";

interface Loader {
  _compile(code: string, file: string): unknown;
}

/** TypeScript as programs have it, without a type check: imports without extensions, types among the imported names. */
function compileTypeScript(require: NodeJS.Require, loaded: string[]): void {
  require.extensions[".ts"] = (module, file) => {
    loaded.push(file);
    const { code } = transformSync(readFileSync(file, "utf8"), {
      filename: file,
      swcrc: false,
      jsc: { parser: { syntax: "typescript" }, target: "es2022" },
      module: { type: "commonjs" },
    });
    return (module as unknown as Loader)._compile(code, file);
  };
}

interface Zod {
  readonly z: { toJSONSchema(schema: unknown, options: object): { properties?: Record<string, unknown> } };
}

await script(([projectDir = ""]) => {
  const file = settingsModule(projectDir);
  if (!existsSync(file)) throw new UserError(`there is no ${file}`);
  const require = createRequire(file);
  const loaded: string[] = [];
  compileTypeScript(require, loaded);
  preferLibrarySource();
  process.chdir(dirname(file));
  const { schema } = require(file) as { schema?: unknown };
  if (schema === undefined) throw new UserError(`${file} exports no schema`);
  const { z } = require("zod") as Zod;
  const { properties = {} } = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" });
  const own = loaded.filter((path) => !path.includes(`${sep}node_modules${sep}`));
  const inputs = Object.fromEntries(own.map((path) => [path, fileHash(path)]));
  const rules = ["limits", "replicas", "images"].map((key) => [key, properties[key] ?? {}]);
  console.log(JSON.stringify({ inputs, ...Object.fromEntries(rules) }));
});

// The library by its package name, for scripts that load a program of this repository: from its TypeScript, as
// `nodeargs` in the program's Pulumi.yaml has it for Pulumi. Elsewhere it is the package that is installed there.
import { existsSync } from "node:fs";
import { registerHooks } from "node:module";
import { fileURLToPath } from "node:url";

const PACKAGE = "dockwright";
/** The condition in `exports` of package.json under which the sources stand. */
const CONDITION = "dockwright-source";

let preferred = false;

/** From now on `dockwright` is its sources, wherever the package that a program finds has them. */
export function preferLibrarySource(): void {
  if (preferred) return;
  preferred = true;
  registerHooks({
    resolve(specifier, context, next) {
      if (specifier !== PACKAGE) return next(specifier, context);
      const found = next(specifier, { ...context, conditions: [...context.conditions, CONDITION] });
      return existsSync(fileURLToPath(found.url)) ? found : next(specifier, context);
    },
  });
}

// The library by its package name, for scripts that load a program: from its TypeScript where that is, as `nodeargs` in
// the program's Pulumi.yaml has it for Pulumi. Elsewhere it is the package that is installed there.
import { registerHooks } from "node:module";

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
      const { conditions } = context; // what `next` is given stays in the context
      try {
        return next(specifier, { ...context, conditions: [...conditions, CONDITION] });
      } catch {
        return next(specifier, { ...context, conditions }); // a package has no sources; none at all is an error again
      }
    },
  });
}

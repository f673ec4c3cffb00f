import * as pulumi from "@pulumi/pulumi";

import { remember } from "./remember";
import { scriptText } from "./script";

const SCRIPT = scriptText(__dirname, "stack-id.sh");

/**
 * Draws an id for the stack once, which travels with the state: names of project and stack may be used twice, by somebody
 * with a state of their own. `./dev` finds it by type, parent and the end of its name, and what it labels by its value. After
 * `./dev up --adopt` a second line says whose data the stack took over.
 */
export function identify(name: string, parent: pulumi.Resource): pulumi.Output<string> {
  const record = remember(`${name}-stack-id`, SCRIPT, {}, { parent });
  return record.apply((text) => text.split("\n")[0] ?? "");
}

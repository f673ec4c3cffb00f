import * as fs from "node:fs";
import * as path from "node:path";

const read = (file: string) => fs.readFileSync(file, "utf8");
/** The common beginning of what runs where Pulumi runs. */
export const PRELUDE = read(path.join(__dirname, "scripts", "prelude.sh"));

/** The text of a script beside the calling module, for a container to run. */
export function scriptText(moduleFolder: string, name: string): string {
  return read(path.join(moduleFolder, "scripts", name));
}

/** The text of a script that runs where Pulumi runs, with the common prelude in front. */
export function hostScript(moduleFolder: string, name: string): string {
  return `${PRELUDE}\n${scriptText(moduleFolder, name)}`;
}

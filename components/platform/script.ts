import * as fs from "node:fs";
import * as path from "node:path";

const read = (file: string) => fs.readFileSync(file, "utf8");
const PRELUDE = read(path.join(__dirname, "scripts", "prelude.sh"));

/** The text of a script beside the calling module, behind those that it needs in front; for a container to run. */
export function scriptText(moduleFolder: string, ...names: readonly string[]): string {
  return names.map((name) => read(path.join(moduleFolder, "scripts", name))).join("\n");
}

/** The text of a script that runs where Pulumi runs, behind the common prelude and those that it needs in front. */
export function hostScript(moduleFolder: string, ...names: readonly string[]): string {
  return `${PRELUDE}\n${scriptText(moduleFolder, ...names)}`;
}

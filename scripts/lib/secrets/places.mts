// Where a stack's secrets could stand in clear: its state, what Pulumi keeps of earlier ones, and its configuration.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync, zstdDecompressSync } from "node:zlib";
import { backendFolder, type StackId } from "../backend.mts";

/** A file's text, also where the backend compresses its files. */
export function readText(file: string): string {
  const bytes = readFileSync(file);
  if (file.endsWith(".gz")) return gunzipSync(bytes).toString("utf8");
  if (file.endsWith(".zst")) return zstdDecompressSync(bytes).toString("utf8");
  return bytes.toString("utf8");
}

function filesIn(folder: string, wanted: (name: string) => boolean = () => true): string[] {
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile() && wanted(entry.name));
  return entries.map(({ name }) => join(folder, name)).sort();
}

/** The file that holds the stack's state; nothing where there is no such stack, or the backend is no folder. */
export function stateFile(backendUrl: string, { project, stack }: StackId): string | undefined {
  const folder = backendFolder(backendUrl);
  if (folder === undefined) return undefined;
  const file = join(folder, ".pulumi", "stacks", project, `${stack}.json`);
  return [file, `${file}.gz`, `${file}.zst`].find((path) => existsSync(path));
}

/** All that a folder backend keeps of a stack: the state, the one before it, the history and the backups. */
export function backendFiles(backendUrl: string, { project, stack }: StackId): string[] {
  const folder = backendFolder(backendUrl);
  if (folder === undefined) return [];
  const top = join(folder, ".pulumi");
  return [
    ...filesIn(join(top, "stacks", project), (name) => name === `${stack}.json` || name.startsWith(`${stack}.json.`)),
    ...filesIn(join(top, "history", project, stack)),
    ...filesIn(join(top, "backups", project, stack)),
  ];
}

/** What `./dev` itself keeps of a stack beside its state. */
export function ownFiles(dataDir: string, stack: string): string[] {
  return [`${stack}.log`, `${stack}.before-new-daemon.json`]
    .map((name) => join(dataDir, name))
    .filter((file) => existsSync(file));
}

/** The stack's configuration: the committed file, and of dev the working copy with what it was made from. */
export function configFiles(projectDir: string, stack: string): string[] {
  const committed = `Pulumi.${stack}.yaml`;
  const copies = filesIn(
    join(projectDir, ".dockwright"),
    (name) => name.startsWith(`Pulumi.${stack}.`) && /\.yaml(\.old)?$/.test(name),
  );
  return [join(projectDir, committed), ...copies].filter((file) => existsSync(file));
}

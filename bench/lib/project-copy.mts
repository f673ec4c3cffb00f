// Where the bench keeps what it needs on disk, and the copy of Lunch Bot that it measures.
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export const ROOT = join(import.meta.dirname, "..", "..");
/** Ignored by git, and inside the tree so that the copy finds its packages. */
export const WORK = join(ROOT, ".dockwright", "bench");

export const lunchBotFolder = join(WORK, "lunch-bot");

const PROGRAM = ["components", "index.ts", "settings.ts", "tsconfig.json", "Pulumi.yaml", "Pulumi.dev.yaml"];

/** A copy of Lunch Bot's program under another name and on another port, with the images' own source. */
export function copyLunchBot(name: string, port: number): void {
  const folder = lunchBotFolder;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const file of PROGRAM) cpSync(join(ROOT, file), join(folder, file), { recursive: true });
  for (const file of ["Pulumi.yaml", "Pulumi.dev.yaml"]) {
    const path = join(folder, file);
    const text = readFileSync(path, "utf8").replace("name: lunch-bot", `name: ${name}`);
    const own = text.replaceAll("lunch-bot:", `${name}:`).replaceAll("8080", String(port));
    writeFileSync(path, own.replace("mounted: true", "mounted: false"));
  }
}

// Usage: images.mts names PROJECT_DIR     prints the images that a project needs, as images/ensure.sh calls them
//        images.mts build-args BASE DIR   prints the build arguments of the application image whose context is DIR
//        images.mts write BASE OUT [APP]  writes the flat map that the program reads where images.local is true
// BASE is what images/ensure.sh wrote. The application image is made of `node`, and only where that is needed.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { imageFacts, judgeArchitectures } from "./lib/doctor/architecture.mts";
import { askDaemon } from "./lib/doctor/daemon.mts";
import { readRules } from "./lib/doctor/rules.mts";
import { writeIfChanged } from "./lib/files.mts";
import { isTree } from "./lib/merge.mts";
import { script, UserError } from "./lib/run.mts";

const OFFICIAL = join(import.meta.dirname, "..", "images", "official.json");

const NOT_CONTENT = new Set(["node_modules", "dist", "coverage", ".dockwright", "test"]);

function contentHash(dir: string): string {
  const hash = createHash("sha256");
  const add = (folder: string): void => {
    const entries = readdirSync(join(dir, folder), { withFileTypes: true });
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = join(folder, entry.name);
      if (NOT_CONTENT.has(entry.name)) continue;
      if (entry.isDirectory()) add(path);
      else if (entry.isFile())
        hash
          .update(`${path}\0`)
          .update(readFileSync(join(dir, path)))
          .update("\0");
    }
  };
  add("");
  return hash.digest("hex").slice(0, 12);
}

interface Base {
  readonly mode: string;
  readonly images: Readonly<Record<string, string>>;
  readonly versions: Readonly<Record<string, string>>;
}

/** Those among `known` that the project's schema names; all, where it has no schema that could be read. */
async function neededImages(projectDir: string, known: readonly string[]): Promise<readonly string[]> {
  const rules = await readRules(projectDir, true);
  const named = typeof rules !== "string" && rules.images["properties"];
  if (!isTree(named)) return known;
  const needed = known.filter((name) => name in named || (name === "node" && "app" in named));
  return needed.length > 0 ? needed : known;
}

async function names(projectDir: string): Promise<void> {
  const known = Object.keys(JSON.parse(readFileSync(OFFICIAL, "utf8")) as object);
  console.log((await neededImages(projectDir, known)).join(" "));
}

function readBase(file: string): Base {
  return JSON.parse(readFileSync(file, "utf8")) as Base;
}

function buildArgs(base: string, dir: string): void {
  console.log(`BASE=${readBase(base).images["node"]}`);
  console.log(`APP_VERSION=${contentHash(dir)}`);
}

/** Refuses images of another processor than the daemon's, which would be noticed only when they do not start. */
async function checkArchitectures(images: readonly string[]): Promise<void> {
  const [daemon, facts] = await Promise.all([askDaemon(), imageFacts(images)]);
  if (typeof daemon === "string") throw new UserError(`Docker does not answer: ${daemon}`);
  const wrong = judgeArchitectures(facts, daemon).filter(({ mark }) => mark === "missing");
  const [first, ...more] = wrong.map(({ name, text }) => `${name}: ${text}`);
  if (first) throw new UserError(first, ...more, `fix: ${wrong[0]?.fix}`);
}

async function write(base: string, out: string, app: string): Promise<void> {
  const { mode, images, versions } = readBase(base);
  const { node, ...products } = images;
  if (node && !/^\S+$/.test(app)) {
    throw new UserError(`the build of the application image ended without an image: ${app}`);
  }
  const made = { ...products, ...(app && { app }) };
  await checkArchitectures(Object.values(made));
  const content = { ...made, nginxVersion: versions["nginx"] };
  const wrote = writeIfChanged(out, `${JSON.stringify(content, null, 2)}\n`);
  console.log([mode, ...(app ? ["application built here"] : []), wrote ? "changed" : "unchanged"].join(", "));
}

await script(async ([command, ...args]) => {
  const [base = "", path = "", app = ""] = args;
  if (command === "names") await names(base);
  else if (command === "build-args") buildArgs(base, path);
  else if (command === "write") await write(base, path, app);
  else throw new UserError(`images.mts has no command ${command}`);
});

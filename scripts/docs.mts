// Usage: docs.mts [OUT]
// Makes what is made of docs/: the reference from TSDoc, the tables of settings from the programs' schemas, those of
// environments from the stack files, those of networks and the pictures of the topologies from the programs run against
// mocks. Fails on whatever a reader would miss. OUT is docs/ itself.
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { globSync } from "node:fs";
import { format, resolveConfig } from "prettier";
import { configurationTables, programSchema } from "./lib/docs/configuration.mts";
import { environmentsTable } from "./lib/docs/environments.mts";
import { brokenLinks } from "./lib/docs/links.mts";
import { networkTables } from "./lib/docs/networks.mts";
import { writeReference } from "./lib/docs/reference.mts";
import { stackFileSchema } from "./lib/docs/stack-schema.mts";
import { stackTopology, systemsOf } from "./lib/docs/systems.mts";
import { referenceIndex } from "./lib/docs/topics.mts";
import { writeIfChanged } from "./lib/files.mts";
import { projectName } from "./lib/project.mts";
import { count, script, UserError } from "./lib/run.mts";
import { draw } from "./lib/topology/draw.mts";

const ROOT = join(import.meta.dirname, "..");
const SYSTEMS = systemsOf(ROOT);
const BEGIN = "<!-- made by ./dev docs from here -->";
const END = "<!-- to here -->";

async function writeFormatted(file: string, text: string, parser: string): Promise<void> {
  const options = (await resolveConfig(join(ROOT, "package.json"))) ?? {};
  writeIfChanged(file, await format(text, { ...options, parser }));
}

const writeMarkdown = (file: string, text: string): Promise<void> => writeFormatted(file, text, "markdown");

async function reference(out: string): Promise<string> {
  const folder = join(out, "reference");
  const topics = await writeReference(ROOT, folder);
  await writeMarkdown(join(folder, "README.md"), referenceIndex(topics));
  for (const page of globSync("*.md", { cwd: folder })) {
    await writeMarkdown(join(folder, page), readFileSync(join(folder, page), "utf8"));
  }
  return count(topics.length, "page");
}

/** Writes a page with what stands between its marks made anew, one text for each pair of them. */
async function fill(out: string, name: string, made: readonly string[]): Promise<void> {
  const [before = "", ...parts] = readFileSync(join(ROOT, "docs", name), "utf8").split(BEGIN);
  const rest = parts.map((part) => part.split(END)[1]);
  if (rest.length !== made.length || rest.includes(undefined)) {
    throw new UserError(`docs/${name}: want ${count(made.length, "pair")} of ${BEGIN} and ${END}, got another number`);
  }
  const filled = made.map((text, index) => `${BEGIN}\n\n${text}\n\n${END}${rest[index]}`);
  await writeMarkdown(join(out, name), before + filled.join(""));
}

/** The keys of both systems as a page, and as the schemas by which editors know their stack files. */
async function configuration(out: string): Promise<void> {
  const systems = SYSTEMS.map(({ root }) => ({ project: projectName(root), schema: programSchema(root) }));
  const tables = systems.map(({ project, schema }) => configurationTables(project, schema));
  await fill(out, "configuration.md", [tables.join("\n\n")]);
  for (const { project, schema } of systems) {
    const text = JSON.stringify(stackFileSchema(project, schema));
    await writeFormatted(join(out, "schema", `${project}.json`), text, "json");
  }
}

async function pages(out: string): Promise<void> {
  await configuration(out);
  await fill(out, "environments.md", SYSTEMS.map(environmentsTable));
  const networks: string[] = [];
  for (const system of SYSTEMS) networks.push(await networkTables(system)); // the mocks are the process's own
  await fill(out, "networks.md", networks);
}

async function pictures(out: string): Promise<void> {
  mkdirSync(join(out, "pictures"), { recursive: true });
  for (const system of SYSTEMS) {
    const title = `${projectName(system.root)}, stack ${system.pictured}`;
    const picture = await draw(await stackTopology(system, system.pictured), title);
    writeIfChanged(join(out, "pictures", system.picture), picture);
  }
}

await script(async ([out = join(ROOT, "docs")]) => {
  const pagesMade = await reference(out);
  await pages(out);
  await pictures(out);
  const broken = brokenLinks(ROOT);
  if (broken.length > 0) throw new UserError(`the documentation has ${count(broken.length, "broken link")}`, ...broken);
  const where = existsSync(out) ? basename(out) : out;
  console.log(`${pagesMade} of reference, the settings, the environments, the networks and the pictures in ${where}/`);
});

// Usage: docs.mts [OUT]
// Makes what is made of docs/: the reference from TSDoc, the table of settings from the program's schema, the picture of
// the topology from the program run against mocks. Fails on whatever a reader would miss. OUT is docs/ itself.
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { globSync } from "node:fs";
import { format, resolveConfig } from "prettier";
import { configurationTables, programSchema } from "./lib/docs/configuration.mts";
import { brokenLinks } from "./lib/docs/links.mts";
import { mockedRun } from "./lib/docs/mocked-run.mts";
import { writeReference } from "./lib/docs/reference.mts";
import { referenceIndex } from "./lib/docs/topics.mts";
import { writeIfChanged } from "./lib/files.mts";
import { isTree } from "./lib/merge.mts";
import { projectName, readYaml } from "./lib/project.mts";
import { count, script, UserError } from "./lib/run.mts";
import { draw } from "./lib/topology/draw.mts";
import { topologyOf } from "./lib/topology/model.mts";

const ROOT = join(import.meta.dirname, "..");
/** The environment that the picture shows. */
const STACK = "prod";
const BEGIN = "<!-- made by ./dev docs from here -->";
const END = "<!-- to here -->";

async function writeMarkdown(file: string, text: string): Promise<void> {
  const options = (await resolveConfig(join(ROOT, "package.json"))) ?? {};
  writeIfChanged(file, await format(text, { ...options, parser: "markdown" }));
}

async function reference(out: string): Promise<string> {
  const folder = join(out, "reference");
  const topics = await writeReference(ROOT, folder);
  await writeMarkdown(join(folder, "README.md"), referenceIndex(topics));
  for (const page of globSync("*.md", { cwd: folder })) {
    await writeMarkdown(join(folder, page), readFileSync(join(folder, page), "utf8"));
  }
  return count(topics.length, "page");
}

async function configuration(out: string): Promise<void> {
  const page = readFileSync(join(ROOT, "docs", "configuration.md"), "utf8");
  const [before, rest] = page.split(BEGIN);
  const after = rest?.split(END)[1];
  if (before === undefined || after === undefined)
    throw new UserError(`docs/configuration.md lacks ${BEGIN} or ${END}`);
  const tables = configurationTables(programSchema(ROOT));
  await writeMarkdown(join(out, "configuration.md"), `${before}${BEGIN}\n\n${tables}\n\n${END}${after}`);
}

async function topology(out: string): Promise<void> {
  const project = projectName(ROOT);
  const config = readYaml(join(ROOT, `Pulumi.${STACK}.yaml`))?.["config"];
  const own = Object.entries(isTree(config) ? config : {}).map(([key, value]) => [
    key.replace(`${project}:`, ""),
    value,
  ]);
  const given = { given: { allowPlaceholders: true } }; // what people hand in is not known here
  const values = { ...(Object.fromEntries(own) as object), ...given };
  const resources = await mockedRun({ root: ROOT, project, stack: STACK, values });
  mkdirSync(join(out, "pictures"), { recursive: true });
  writeIfChanged(
    join(out, "pictures", "topology.svg"),
    await draw(topologyOf(resources), `${project}, stack ${STACK}`),
  );
}

await script(async ([out = join(ROOT, "docs")]) => {
  const pagesMade = await reference(out);
  await configuration(out);
  await topology(out);
  const broken = brokenLinks(ROOT);
  if (broken.length > 0) throw new UserError(`the documentation has ${count(broken.length, "broken link")}`, ...broken);
  const where = existsSync(out) ? basename(out) : out;
  console.log(`${pagesMade} of reference, the settings and the topology in ${where}/`);
});

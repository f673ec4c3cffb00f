// The reference of the library, from its TSDoc comments. Whatever a reader would miss is an error.
import { rmSync } from "node:fs";
import { join } from "node:path";
import * as typedoc from "typedoc";
import { UserError } from "../run.mts";
import { type Topic, type TopicModules, topicsOf, writeTopicModules } from "./topics.mts";

/** Collects what typedoc complains about instead of printing it. */
class Complaints extends typedoc.Logger {
  readonly lines: string[] = [];

  override log(message: string, level: typedoc.LogLevel): void {
    if (level >= typedoc.LogLevel.Warn) this.lines.push(message);
  }
}

const OPTIONS = {
  plugin: ["typedoc-plugin-markdown"],
  readme: "none",
  excludeExternals: true,
  excludePrivate: true,
  excludeProtected: true,
  disableSources: true,
  skipErrorChecking: true, // the tests check types
  logLevel: "Warn",
  sort: ["source-order"],
  requiredToBeDocumented: [
    "Class",
    "Interface",
    "TypeAlias",
    "Function",
    "Variable",
    "Enum",
    "Property",
    "Method",
    "Accessor",
  ],
  validation: { notExported: true, invalidLink: true, invalidPath: true, notDocumented: true, rewrittenLink: true },
} as const;

/** How the pages look; options of the markdown plugin. */
const LOOK = {
  router: "module",
  entryFileName: "README",
  hidePageHeader: true,
  hideBreadcrumbs: true,
  hideGroupHeadings: true,
  useCodeBlocks: true,
  expandObjects: true,
  interfacePropertiesFormat: "table",
  classPropertiesFormat: "table",
  typeAliasPropertiesFormat: "table",
  parametersFormat: "table",
  typeDeclarationFormat: "table",
  propertyMembersFormat: "table",
  tableColumnSettings: { hideModifiers: true, hideInherited: true, hideOverrides: true, hideSources: true },
};

/** Writes the reference of the library at `root` into a folder. @throws UserError that names every gap */
export async function writeReference(root: string, out: string): Promise<Topic[]> {
  const topics = topicsOf(root);
  const folder = join(root, ".dockwright", `topics-${process.pid}`);
  try {
    await build(out, writeTopicModules(root, folder, topics));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return topics;
}

async function build(out: string, { files, tsconfig }: TopicModules): Promise<void> {
  const app = await typedoc.Application.bootstrapWithPlugins({
    ...OPTIONS,
    ...LOOK,
    sort: [...OPTIONS.sort],
    requiredToBeDocumented: [...OPTIONS.requiredToBeDocumented],
    plugin: [...OPTIONS.plugin],
    name: "Dockwright",
    entryPoints: [...files],
    tsconfig,
  } as typedoc.TypeDocOptions);
  const complaints = new Complaints();
  app.logger = complaints;
  const project = await app.convert();
  if (!project) throw new UserError("the library does not compile", ...complaints.lines);
  hideSchemas(project);
  nameParameters(project);
  app.validate(project);
  const gaps = [...complaints.lines, ...withoutDefault(project)];
  if (gaps.length > 0) throw new UserError(`the reference has ${gaps.length} gap(s)`, ...gaps.sort());
  await app.outputs.writeOutput({ name: "markdown", path: out }, project);
  if (complaints.lines.length > 0) throw new UserError("the reference could not be written", ...complaints.lines);
}

/** What a fragment returns is a type of several lines; what matters of it is in docs/configuration.md. */
function hideSchemas(project: typedoc.ProjectReflection): void {
  for (const reflection of project.getReflectionsByKind(typedoc.ReflectionKind.CallSignature)) {
    const signature = reflection as typedoc.SignatureReflection;
    if (!signature.name.endsWith("Fragment")) continue;
    project.removeTypeReflections(signature.type);
    signature.type = new typedoc.IntrinsicType("ZodType");
  }
}

/** A parameter that is taken apart at once has no name of its own. */
function nameParameters(project: typedoc.ProjectReflection): void {
  for (const parameter of project.getReflectionsByKind(typedoc.ReflectionKind.Parameter)) {
    if (parameter.name === "__namedParameters") parameter.name = "args";
  }
}

/** Optional members without a word on what holds when they are left out. */
function withoutDefault(project: typedoc.ProjectReflection): string[] {
  return project
    .getReflectionsByKind(typedoc.ReflectionKind.Property)
    .filter((property) => property.flags.isOptional && !property.flags.isExternal)
    .filter((property) => !property.comment?.blockTags.some(({ tag }) => tag === "@default" || tag === "@defaultValue"))
    .map((property) => `${property.getFriendlyFullName()} is optional and has no @default`);
}

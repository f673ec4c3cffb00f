// The pages of the reference: one for each file of the library that exports something to its users.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import ts from "typescript";

export interface Topic {
  /** Name of the page, that of the source file. */
  readonly name: string;
  /** What the page describes, in the order of the source. */
  readonly symbols: readonly string[];
}

/** The public API, from the entry point of the library, by the file that declares it. */
export function topicsOf(root: string): Topic[] {
  const entry = join(root, "components", "index.ts");
  const program = ts.createProgram([entry], { noResolve: false, skipLibCheck: true, types: [], noLib: true });
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(entry);
  const module = source && checker.getSymbolAtLocation(source);
  const topics = new Map<string, { name: string; at: number }[]>();
  for (const exported of module ? checker.getExportsOfModule(module) : []) {
    const declared = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
    const declaration = declared.declarations?.[0];
    if (!declaration) continue;
    const page = basename(declaration.getSourceFile().fileName, ".ts");
    topics.set(page, [...(topics.get(page) ?? []), { name: exported.name, at: declaration.pos }]);
  }
  return [...topics]
    .map(([name, found]) => ({ name, symbols: found.sort((a, b) => a.at - b.at).map((symbol) => symbol.name) }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

export interface TopicModules {
  readonly files: readonly string[];
  readonly tsconfig: string;
}

/** Writes one module for each topic, for typedoc to make a page of. */
export function writeTopicModules(root: string, folder: string, topics: readonly Topic[]): TopicModules {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const files = topics.map(({ name, symbols }) => {
    const file = join(folder, `${name}.ts`);
    writeFileSync(
      file,
      `/** @module ${name} */\nexport { ${symbols.join(", ")} } from "${join(root, "components")}";\n`,
    );
    return file;
  });
  const tsconfig = join(folder, "tsconfig.json");
  const settings = { extends: join(root, "tsconfig.json"), include: ["*.ts"], compilerOptions: { types: ["node"] } };
  writeFileSync(tsconfig, JSON.stringify(settings));
  return { files, tsconfig };
}

/** The first page of the reference. */
export function referenceIndex(topics: readonly Topic[]): string {
  const rows = topics.map(
    ({ name, symbols }) => `| [${name}](${name}.md) | ${symbols.map((each) => `\`${each}\``).join(", ")} |`,
  );
  return `# Reference

Everything that \`import * as dockwright from "dockwright"\` gives, a page for each topic. \`./dev docs\` makes these pages
from the comments in the library, and fails when one is missing.

| page | describes |
| --- | --- |
${rows.join("\n")}
`;
}

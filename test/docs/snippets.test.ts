// Every snippet of the guides is true: programs run, values fit their schema, commands are carried out by
// test/e2e/docs.test.ts. A block that nobody runs says why.
import * as fs from "node:fs";
import * as path from "node:path";

import ts from "typescript";
import { parse } from "yaml";
import * as zod from "zod";

import * as components from "../../components";
import { parseSettings } from "../../components/settings/load-settings";
import { schema } from "../../settings";
import { Block, blocksOf, commandsOf, missingLines, PAGES, parseBlocks, place } from "../support/docs";
import { graph } from "../support/harness";
import { completeValues, ROOT, runProgram } from "../support/stacks";

const blocks = PAGES.flatMap(blocksOf);
const inLanguage = (...languages: string[]) => blocks.filter(({ language }) => languages.includes(language));
const asCases = (found: readonly Block[]) => found.map((block) => [place(block), block] as const);

test("every block is run, checked, or says why not", () => {
  const known = ["ts", "yaml", "json", "console"];
  expect(blocks.filter((block) => !known.includes(block.language) && !block.notRun).map(place)).toEqual([]);
  expect(blocks.filter(({ notRun }) => notRun !== undefined && notRun.length < 10).map(place)).toEqual([]);
  const silent = inLanguage("console").filter((block) => commandsOf(block).length === 0 && !block.notRun);
  expect(silent.map(place)).toEqual([]);
});

test("a test that a block is left to is there", () => {
  const named = blocks.flatMap(({ notRun = "" }) => notRun.match(/\btest\/[\w./-]+\.test\.m?ts\b/g) ?? []);
  expect(named.filter((file) => !fs.existsSync(path.join(ROOT, file)))).toEqual([]);
});

describe("programs", () => {
  const programs = inLanguage("ts");

  test("compile as they stand in the guides", () => {
    const folder = path.join(ROOT, ".dockwright", "docs-test");
    fs.rmSync(folder, { recursive: true, force: true });
    const files = programs.map((block, index) => {
      const file = path.join(folder, block.page.replace(/\W/g, "-"), block.file ?? `snippet-${index}.ts`);
      fs.mkdirSync(path.dirname(file), { recursive: true });
      fs.writeFileSync(file, block.hidden + block.text);
      return file;
    });
    const read = ts.readConfigFile(path.join(ROOT, "tsconfig.json"), (name) => fs.readFileSync(name, "utf8"));
    const { options } = ts.parseJsonConfigFileContent(read.config, ts.sys, ROOT);
    const library = { baseUrl: ROOT, paths: { dockwright: ["components/index.ts"] }, noUnusedLocals: false };
    const found = ts.getPreEmitDiagnostics(ts.createProgram(files, { ...options, ...library }));
    fs.rmSync(folder, { recursive: true });
    const ours = found.filter(({ file }) => file === undefined || files.includes(path.normalize(file.fileName)));
    expect(ours.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"))).toEqual([]);
  }, 120_000);

  test.each(asCases(programs.filter(({ text }) => text.includes("new dockwright."))))("%s runs", async (_, block) => {
    const own = blocksOf(block.page);
    const settings = own.find(({ file }) => file === "settings.ts");
    const values = own.find(({ file }) => file === "Pulumi.dev.yaml");
    const modules: Record<string, unknown> = { dockwright: components, zod };
    const { nodes } = await graph({ project: "shop", config: configOf(values) }, () => {
      if (settings) modules["./settings"] = runProgram(settings.text, modules);
      runProgram(block.hidden + block.text, modules);
    });
    expect(nodes.filter(({ type }) => type.endsWith(":Container")).length).toBeGreaterThan(2);
  });

  function configOf(block: Block | undefined): Record<string, string> {
    const { config = {} } = (parse(block?.text ?? "{}") ?? {}) as { config?: Record<string, unknown> };
    return Object.fromEntries(
      Object.entries(config).map(([key, value]) => [key, typeof value === "string" ? value : JSON.stringify(value)]),
    );
  }
});

describe("values", () => {
  test.each(asCases(inLanguage("yaml")))("%s is YAML, and what it sets for Lunch Bot fits", (_, { text }) => {
    const { config = {} } = parse(text) as { config?: Record<string, unknown> };
    const own = Object.entries(config).filter(([key]) => key.startsWith("lunch-bot:"));
    const values = Object.fromEntries(own.map(([key, value]) => [key.replace("lunch-bot:", ""), value]));
    expect(parseSettings(schema, { ...completeValues("prod"), ...values }).problems).toEqual([]);
  });

  test.each(asCases(inLanguage("json")))("%s is JSON", (_, { text }) => {
    expect(() => JSON.parse(text) as unknown).not.toThrow();
  });
});

describe("reading pages", () => {
  const page = [
    ...["<!-- not run: needs a moon -->", "", "```console", "$ fly", "```", "", "text", ""],
    ...[
      "<!-- fails -->",
      "",
      "```console",
      "$ one",
      "first  line",
      "$ two",
      "… done",
      "```",
      "",
      "```ts file=a.ts",
      "```",
    ],
  ];
  const [moon, failing, file] = parseBlocks("page.md", page.join("\n"));

  test("comments above a block and words behind its language count", () => {
    expect(moon).toMatchObject({ notRun: "needs a moon", fails: false, line: 3 });
    expect(failing && commandsOf(failing).map(({ text, fails }) => [text, fails])).toEqual([
      ["one", false],
      ["two", true],
    ]);
    expect(file).toMatchObject({ language: "ts", file: "a.ts", text: "" });
  });

  test("what a page shows has to come, in its order, with anything for …", () => {
    expect(missingLines(["first  line", "… done"], "x\nfirst line\nall is done\n")).toEqual([]);
    expect(missingLines(["… done", "first line"], "first line\nall is done\n")).toEqual(["first line"]);
    expect(missingLines(["…"], "\n\n")).toEqual(["…"]);
  });
});

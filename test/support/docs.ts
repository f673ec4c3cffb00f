import * as fs from "node:fs";
import * as path from "node:path";

import MarkdownIt from "markdown-it";

/** Top folder of the repository. */
const ROOT = path.join(__dirname, "..", "..");

/** A fenced block of a page. */
export interface Block {
  /** Page, from the top folder. */
  readonly page: string;
  readonly line: number;
  readonly language: string;
  readonly text: string;
  /** Name of the file that a reader is to write the block into, as `file=` behind the language says. */
  readonly file?: string;
  /** Why nobody runs it, as the comment `<!-- not run: … -->` above it says. */
  readonly notRun?: string;
  /** What a program needs around it and the page does not show, as the comment `<!-- before it: … -->` above it says. */
  readonly hidden: string;
  /** Whether its last command is meant to fail, as the comment `<!-- fails -->` above it says. */
  readonly fails: boolean;
}

/** A command of a console block with what the page shows of its answer. */
export interface Command {
  readonly block: Block;
  readonly text: string;
  readonly output: readonly string[];
  /** Whether it is meant to fail. */
  readonly fails: boolean;
}

/** What a reader follows, in the order in which one would. The reference and the decisions hold no snippets to follow. */
export const PAGES = [
  "README.md",
  "examples/task-tracker/README.md",
  "docs/getting-started.md",
  ...fs
    .readdirSync(path.join(ROOT, "docs"))
    .filter((name) => name.endsWith(".md") && name !== "getting-started.md")
    .sort()
    .map((name) => `docs/${name}`),
];

/** The page whose reader makes a project beside the clone, which nothing has to run for. */
export const PAGE_WITH_PROJECT_OF_ITS_OWN = "docs/getting-started.md";

/** Pages whose reader changes what runs. */
export const PAGES_THAT_CHANGE = ["docs/rotation.md"];

/** Resources that not every environment of a system has. */
export interface OptionalResources {
  readonly system: string;
  /** Keys that add them. */
  readonly settings: readonly string[];
  /** The environments that have them. */
  readonly stacks: readonly string[];
  /** `Type name` of each. */
  readonly resources: readonly string[];
}

/** What docs/environments.md says of them: the one place where they are declared. */
export function optionalResources(): OptionalResources[] {
  const page = fs.readFileSync(path.join(ROOT, "docs", "environments.md"), "utf8");
  const section = page.split("\n## Optional resources\n")[1]?.split("\n## ")[0] ?? "";
  const rows = section.split("\n").filter((line) => line.startsWith("| `"));
  return rows.map((row) => {
    const [[system = ""] = [], settings = [], stacks = [], resources = []] = row
      .split("|")
      .slice(1)
      .map((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => name ?? ""));
    return { system, settings, stacks, resources };
  });
}

/** All fenced blocks of a page. */
export function blocksOf(page: string): Block[] {
  return parseBlocks(page, fs.readFileSync(path.join(ROOT, page), "utf8"));
}

/** All fenced blocks of a text. */
export function parseBlocks(page: string, text: string): Block[] {
  const tokens = new MarkdownIt({ html: true }).parse(text, {});
  return tokens.flatMap((token, index) => {
    if (token.type !== "fence" && token.type !== "code_block") return [];
    const before = tokens[index - 1];
    const comment = before?.type === "html_block" ? before.content : "";
    const [language = "", ...attributes] = token.info.trim().split(/\s+/);
    const file = attributes.map((each) => /^file=(.+)$/.exec(each)?.[1]).find((name) => name !== undefined);
    const notRun = /<!-- not run: ([^]+?) -->/.exec(comment)?.[1];
    const hidden = /<!-- before it:\n([^]+?)-->/.exec(comment)?.[1] ?? "";
    const place = { page, line: (token.map?.[0] ?? 0) + 1 };
    const fails = /<!-- fails -->/.test(comment);
    return [
      { ...place, language, text: token.content, hidden, fails, ...(file && { file }), ...(notRun && { notRun }) },
    ];
  });
}

/** `docs/x.md:12`, to find it by. */
export function place({ page, line }: Block): string {
  return `${page}:${line}`;
}

/** The commands of a console block: what stands behind `$ `, and the lines until the next one. */
export function commandsOf(block: Block): Command[] {
  const commands: { text: string; output: string[] }[] = [];
  for (const line of block.text.split("\n")) {
    if (line.startsWith("$ ")) commands.push({ text: line.slice(2), output: [] });
    else if (line.trim() !== "") commands.at(-1)?.output.push(line);
  }
  return commands.map((command, index) => ({
    ...command,
    block,
    fails: block.fails && index === commands.length - 1,
  }));
}

/** Lines that a page shows and an answer lacks, in their order. `…` stands for anything, spaces for any number. */
export function missingLines(expected: readonly string[], answer: string): string[] {
  const lines = answer.split("\n");
  let from = 0;
  return expected.filter((line) => {
    const parts = line
      .trim()
      .split("…")
      .map((part) => part.trim().split(/\s+/).map(escaped).join("\\s+"));
    const pattern = new RegExp(parts.join(".*"));
    const at = lines.findIndex((text, index) => index >= from && text.trim() !== "" && pattern.test(text));
    if (at >= 0) from = at + 1;
    return at < 0;
  });
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

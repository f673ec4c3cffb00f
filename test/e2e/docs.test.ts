// A reader follows the guides: every command of every page, in order, on a real stack, with the answers that the pages
// show. Commands that no machine like this one can run carry a comment; test/docs/snippets.test.ts looks after those.
import * as fs from "node:fs";
import * as path from "node:path";

import { Block, blocksOf, Command, commandsOf, missingLines, PAGES, place } from "../support/docs";
import { ProjectCopy } from "./support/project";
import { run } from "./support/run";

const LIMIT_SECONDS = 600;

/** What a command of a page came to. */
interface Done {
  readonly command: Command;
  readonly code: number;
  readonly output: string;
}

describe("the guides", () => {
  let project: ProjectCopy;

  beforeAll(async () => {
    project = await ProjectCopy.create("docs");
    // The pages call the clone `dockwright`.
    fs.symlinkSync(project.folder, path.join(path.dirname(project.folder), "dockwright"));
  });
  afterAll(() => project.remove());

  /** A page's text as it has to be for this copy. */
  const adapted = (text: string) =>
    text.replaceAll("8080", String(project.port)).replaceAll("project=lunch-bot", `project=${project.name}`);

  /** One shell for the whole page, so that a folder or a variable that one command sets holds for the next. */
  async function follow(blocks: readonly Block[]): Promise<Done[]> {
    const commands: Command[] = [];
    const lines = blocks.flatMap((block) => {
      if (block.file) return [fileOf(block.file, adapted(block.text))];
      return commandsOf(block).map((command) => {
        const number = commands.push(command) - 1;
        return `printf '\\n@@begin ${number}\\n'\n${adapted(command.text)}\nprintf '\\n@@end ${number} %s\\n' "$?"`;
      });
    });
    const { output } = await run("bash", ["-c", `exec 2>&1 </dev/null\n${lines.join("\n")}`], {
      cwd: project.folder,
      env: { ...project.env, npm_config_prefer_offline: "true", npm_config_audit: "false", npm_config_fund: "false" },
      timeoutSeconds: LIMIT_SECONDS,
    });
    return commands.map((command, number) => {
      const found = new RegExp(`@@begin ${number}\\n([^]*?)\\n@@end ${number} (\\d+)\\n`).exec(output);
      return { command, code: Number(found?.[2] ?? -1), output: found?.[1] ?? output.slice(-4000) };
    });
  }

  function fileOf(name: string, text: string): string {
    return `mkdir -p "$(dirname ${name})" && cat >${name} <<'END OF THE FILE'\n${text}END OF THE FILE`;
  }

  /** What is not as the page says. */
  function complaint({ command, code, output }: Done): string | undefined {
    const { block, text, fails } = command;
    const missing = missingLines(command.output.map(adapted), output);
    const asMeant = fails ? code > 0 : code === 0;
    if (asMeant && missing.length === 0) return undefined;
    const shown = missing.map((line) => `\n  the page shows, and it does not say: ${line}`).join("");
    return `${place(block)}: $ ${text}\n  ended with ${code}${shown}\n${output}`;
  }

  const runnable = PAGES.map((page) => [page, blocksOf(page).filter(({ notRun }) => notRun === undefined)] as const);
  const followed = runnable.filter(([, blocks]) => blocks.some(({ language }) => language === "console"));

  it.each(followed)("%s", async (_, blocks) => {
    const steps = blocks.filter(({ language, file }) => language === "console" || file !== undefined);
    const complaints = (await follow(steps)).map(complaint).filter((text) => text !== undefined);
    expect(complaints.join("\n\n")).toBe("");
  });
});

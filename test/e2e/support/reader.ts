// A reader follows the guides: every command of every page, in order, on a real stack, with the answers that the pages
// show. Commands that no machine like this one can run carry a comment; test/docs/snippets.test.ts looks after those.
import { Block, blocksOf, Command, commandsOf, missingLines, PAGES, place } from "../../support/docs";
import { run } from "./run";

const LIMIT_SECONDS = 600;

/** What a command of a page came to. */
interface Done {
  readonly command: Command;
  readonly code: number;
  readonly output: string;
}

export interface ReaderOptions {
  /** Where a reader is when a page begins. */
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  /** Makes of what a page says what it has to be for this stack. */
  readonly adapt: (text: string) => string;
}

/** Pages with commands that can be run here. */
export const FOLLOWED_PAGES = PAGES.filter((page) => runnable(page).some(({ language }) => language === "console"));

/** Follows a page in one shell, so that a folder or a variable that one command sets holds for the next; gives what is not as it says. */
export async function follow(page: string, options: ReaderOptions): Promise<string> {
  const steps = runnable(page).filter(({ language, file }) => language === "console" || file !== undefined);
  const done = await runAll(steps, options);
  const complaints = done.map((each) => complaint(each, options)).filter((text) => text !== undefined);
  return complaints.join("\n\n");
}

function runnable(page: string): Block[] {
  return blocksOf(page).filter(({ notRun }) => notRun === undefined);
}

async function runAll(blocks: readonly Block[], { folder, env, adapt }: ReaderOptions): Promise<Done[]> {
  const commands: Command[] = [];
  const lines = blocks.flatMap((block) => {
    if (block.file) return [writing(block.file, adapt(block.text))];
    return commandsOf(block).map((command) => {
      const number = commands.push(command) - 1;
      return `printf '\\n@@begin ${number}\\n'\n${adapt(command.text)}\nprintf '\\n@@end ${number} %s\\n' "$?"`;
    });
  });
  const { output } = await run("bash", ["-c", `exec 2>&1 </dev/null\n${lines.join("\n")}`], {
    cwd: folder,
    env: { ...env, npm_config_prefer_offline: "true", npm_config_audit: "false", npm_config_fund: "false" },
    timeoutSeconds: LIMIT_SECONDS,
  });
  return commands.map((command, number) => {
    const found = new RegExp(`@@begin ${number}\\n([^]*?)\\n@@end ${number} (\\d+)\\n`).exec(output);
    return { command, code: Number(found?.[2] ?? -1), output: found?.[1] ?? output.slice(-4000) };
  });
}

function writing(name: string, text: string): string {
  return `mkdir -p "$(dirname ${name})" && cat >${name} <<'END OF THE FILE'\n${text}END OF THE FILE`;
}

/** What is not as the page says. */
function complaint({ command, code, output }: Done, { adapt }: ReaderOptions): string | undefined {
  const { block, text, fails } = command;
  const missing = missingLines(command.output.map(adapt), output);
  const asMeant = fails ? code > 0 : code === 0;
  if (asMeant && missing.length === 0) return undefined;
  const shown = missing.map((line) => `\n  the page shows, and it does not say: ${line}`).join("");
  return `${place(block)}: $ ${text}\n  ended with ${code}${shown}\n${output}`;
}

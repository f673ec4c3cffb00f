// Usage: terminal-picture.mts [OPTION…] FILE.svg -- COMMAND…
// Runs a command on a terminal and draws what it shows, for the documentation (Linux only).
//   --columns N, --rows N   size of the terminal (80, 40)
//   --shown LINE            command line above the picture, instead of the command's own
//   --replace FROM=TO       text to show instead of another, such as a test's project; can be repeated
//   --seconds N             an animation of this length instead of the last screen
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { record, type Recording } from "./lib/picture/pty.mts";
import { type Screen, ScreenRecorder, type Size } from "./lib/picture/screen.mts";
import { drawing, type Frame } from "./lib/picture/svg.mts";
import { count, script, UserError } from "./lib/run.mts";

const OPTIONS = {
  columns: { type: "string", default: "80" },
  rows: { type: "string", default: "40" },
  shown: { type: "string" },
  replace: { type: "string", multiple: true, default: [] as string[] },
  seconds: { type: "string" },
} as const;

/** Frames closer than this are one. */
const FRAME_SECONDS = 0.3;
/** How long the last screen of an animation stays. */
const LAST_SECONDS = 5;

function parseReplacement(text: string): readonly [from: string, to: string] {
  const at = text.indexOf("=");
  if (at < 1) throw new UserError(`--replace ${text}: want FROM=TO`);
  return [text.slice(0, at), text.slice(at + 1)];
}

interface Seen {
  /** When it was first seen: milliseconds, or seconds of an animation. */
  readonly at: number;
  readonly screen: Screen;
}

const same = (a: Screen, b: Screen | undefined): boolean => JSON.stringify(a) === JSON.stringify(b);

/** The screens of a recording. */
async function screens(
  { chunks }: Recording,
  size: Size,
  heading: string,
  replacements: readonly (readonly [from: string, to: string])[],
): Promise<Seen[]> {
  const terminal = new ScreenRecorder(size);
  await terminal.write(heading);
  const seen: Seen[] = [{ at: 0, screen: terminal.screen() }];
  for (const { at, text } of chunks) {
    await terminal.write(replacements.reduce((result, [from, to]) => result.replaceAll(from, to), text));
    const screen = terminal.screen();
    if (!same(screen, seen.at(-1)?.screen)) seen.push({ at, screen });
  }
  return seen;
}

/** As an animation of the given length; screens that were seen for a moment only are left out. */
function frames(seen: readonly Seen[], seconds: number): Frame[] {
  const end = seen.at(-1)?.at ?? 0;
  const kept: Seen[] = [];
  for (const { at, screen } of seen) {
    const when = end === 0 ? 0 : (at / end) * seconds;
    const last = kept.at(-1);
    if (last && when - last.at < FRAME_SECONDS) kept[kept.length - 1] = { at: last.at, screen };
    else kept.push({ at: when, screen });
  }
  return kept.map(({ at, screen }, index) => ({ screen, seconds: (kept[index + 1]?.at ?? at + LAST_SECONDS) - at }));
}

function options(args: string[]) {
  try {
    return parseArgs({ args, allowPositionals: true, options: OPTIONS });
  } catch (error) {
    throw new UserError(error instanceof Error ? error.message : String(error));
  }
}

await script(async (args) => {
  const { values, positionals } = options(args);
  const [file, ...command] = positionals;
  if (!file || command.length === 0) throw new UserError("want [OPTION…] FILE.svg -- COMMAND…");
  const size = { columns: Number(values.columns), rows: Number(values.rows) };
  const replacements = values.replace.map(parseReplacement);
  const recording = await record(command, size);
  const shown = values.shown ?? command.join(" ");
  const seen = await screens(recording, size, `\x1b[1m$ ${shown}\x1b[0m\r\n`, replacements);
  const last = { screen: seen.at(-1)?.screen ?? [], seconds: 1 };
  const all = values.seconds ? frames(seen, Number(values.seconds)) : [last];
  writeFileSync(file, drawing(all, size.columns, shown));
  console.log(`${file}: ${count(all.length, "frame")}, the command ended with ${recording.status}`);
});

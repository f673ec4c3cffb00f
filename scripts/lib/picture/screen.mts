// What a terminal shows after some output, as runs of equally styled text.
import xterm from "@xterm/headless";

export interface Style {
  /** Number of a palette colour, or nothing for the terminal's own. */
  readonly color?: number;
  readonly bold: boolean;
  readonly dim: boolean;
}

/** Characters beside each other with one style, from a column on. */
export interface Run extends Style {
  readonly column: number;
  readonly text: string;
}

/** One line after the other, those that scrolled out of sight included, without the empty ones at the end. */
export type Screen = readonly (readonly Run[])[];

export interface Size {
  readonly columns: number;
  readonly rows: number;
}

const SCROLLBACK = 10_000;

type Line = NonNullable<ReturnType<xterm.Terminal["buffer"]["active"]["getLine"]>>;

function runsOf(line: Line, columns: number): Run[] {
  const runs: Run[] = [];
  let last: Run | undefined;
  for (let column = 0; column < columns; column++) {
    const cell = line.getCell(column);
    if (!cell || cell.getWidth() === 0) continue; // the second half of a wide character
    const text = cell.getChars() || " ";
    const style: Style = {
      ...(cell.isFgPalette() && { color: cell.getFgColor() }),
      bold: cell.isBold() !== 0,
      dim: cell.isDim() !== 0,
    };
    if (last && last.color === style.color && last.bold === style.bold && last.dim === style.dim) {
      last = { ...last, text: last.text + text };
      runs[runs.length - 1] = last;
    } else {
      last = { ...style, column, text };
      runs.push(last);
    }
  }
  return trimmed(runs);
}

/** Without the spaces at the end of the line. */
function trimmed(runs: Run[]): Run[] {
  const last = runs.pop();
  if (!last) return [];
  const text = last.text.trimEnd();
  return text === "" ? trimmed(runs) : [...runs, { ...last, text }];
}

/** A terminal of a fixed size that output is written to bit by bit. */
export class ScreenRecorder {
  private readonly terminal: xterm.Terminal;
  private readonly columns: number;

  constructor({ columns, rows }: Size) {
    this.columns = columns;
    this.terminal = new xterm.Terminal({ cols: columns, rows, scrollback: SCROLLBACK, allowProposedApi: true });
  }

  write(output: string): Promise<void> {
    return new Promise((resolve) => this.terminal.write(output, resolve));
  }

  screen(): Screen {
    const { active } = this.terminal.buffer;
    const lines: Run[][] = [];
    for (let row = 0; row < active.length; row++) {
      const line = active.getLine(row);
      lines.push(line ? runsOf(line, this.columns) : []);
    }
    while (lines.at(-1)?.length === 0) lines.pop();
    return lines;
  }
}

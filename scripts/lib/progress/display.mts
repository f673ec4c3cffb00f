// Where the view goes: a region that is redrawn on a terminal, or plain lines.
import { styleText } from "node:util";
import type { Progress } from "./model.mts";
import { PlainTeller } from "./plain.mts";
import { fit, liveRows, type Row, tableRows, type Tone } from "./view.mts";

/** Often enough for tenths of a second. */
export const REDRAW_MS = 100;

export interface Display {
  /** Shows how things stand; called on every change and several times a second. */
  show(progress: Progress, now: number): void;
  /** A word to the user that stays until the end. */
  notice(text: string): void;
  /** A line for good, below all that was shown before. */
  line(text: string): void;
  /** Leaves what should stay of the update on the screen. */
  settle(progress: Progress, now: number): void;
}

const STYLES: Readonly<Record<Tone, "green" | "yellow" | "dim" | "red">> = {
  good: "green",
  busy: "yellow",
  quiet: "dim",
  bad: "red",
};

export class PlainDisplay implements Display {
  private readonly teller = new PlainTeller();

  show(progress: Progress, now: number): void {
    for (const line of this.teller.lines(progress, now)) this.line(line);
  }

  notice(text: string): void {
    this.line(`    ${text}`);
  }

  line(text: string): void {
    process.stdout.write(`${text}\n`);
  }

  settle(progress: Progress, now: number): void {
    this.show(progress, now);
  }
}

type Region = ((text: string) => void) & { clear(): void; done(): void };

export class LiveDisplay implements Display {
  private region: Region | undefined;
  private word = "";
  private shownAt = -Infinity;

  /** The package is loaded here alone, and while Pulumi starts: nothing waits for it. */
  constructor() {
    void import("log-update").then((module) => (this.region = module.default));
  }

  show(progress: Progress, now: number): void {
    if (now - this.shownAt < REDRAW_MS) return;
    this.shownAt = now;
    this.draw(liveRows(progress, now, this.word));
  }

  /** Rows of another kind, while something else than Pulumi is waited for. */
  draw(rows: readonly Row[]): void {
    const columns = process.stdout.columns || 80;
    const height = Math.max(1, (process.stdout.rows || 24) - 1);
    this.region?.(
      rows
        .slice(-height)
        .map(({ text, tone }) => paint(fit(text, columns - 1), tone))
        .join("\n"),
    );
  }

  notice(text: string): void {
    this.word = text;
  }

  line(text: string): void {
    this.region?.clear();
    process.stdout.write(`${text}\n`);
  }

  settle(progress: Progress, now: number): void {
    this.region?.clear();
    this.region?.done();
    const rows = tableRows(progress, now).map(({ text, tone }) => `${paint(text, tone)}\n`);
    process.stdout.write(rows.join(""));
  }
}

function paint(text: string, tone: Tone): string {
  return styleText(STYLES[tone], text, { validateStream: false });
}

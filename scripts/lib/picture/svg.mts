// Screens of a terminal as a drawing: the last one, or all of them one after the other.
import type { Run, Screen } from "./screen.mts";

/** A screen and for how many seconds it is seen. */
export interface Frame {
  readonly screen: Screen;
  readonly seconds: number;
}

const CHAR_WIDTH = 8.4;
const LINE_HEIGHT = 20;
const FONT_SIZE = 14;
const MARGIN = 16;

const BACKGROUND = "#1b1f27";
const TEXT = "#d7dbe3";
/** The sixteen colours of a terminal, readable on the background. */
const PALETTE = [
  ...["#4b5263", "#e06c75", "#7fc379", "#e5c07b", "#61afef", "#c678dd", "#56b6c2", "#d7dbe3"],
  ...["#6b7384", "#f08a92", "#9adb94", "#f0d399", "#85c4f5", "#d79be8", "#7fd0da", "#ffffff"],
];

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

const px = (value: number): string => String(Math.round(value * 10) / 10);

/** A run's words, each piece at its own place: spaces beside each other would become one. */
function runSvg({ column, text, color, bold, dim }: Run, y: string): string[] {
  const style = [
    ...(color === undefined ? [] : [` fill="${PALETTE[color] ?? TEXT}"`]),
    ...(bold ? [' font-weight="bold"'] : []),
    ...(dim ? [' opacity="0.6"'] : []),
  ].join("");
  return [...text.matchAll(/\S+(?: \S+)*/g)].map((match) => {
    const [piece] = match;
    const x = px(MARGIN + (column + match.index) * CHAR_WIDTH);
    // The length keeps columns in line whatever font the reader has.
    return `<text x="${x}" y="${y}" textLength="${px(piece.length * CHAR_WIDTH)}"${style}>${escaped(piece)}</text>`;
  });
}

function screenSvg(screen: Screen): string {
  return screen
    .flatMap((runs, row) => runs.flatMap((run) => runSvg(run, px(MARGIN + row * LINE_HEIGHT + FONT_SIZE))))
    .join("\n");
}

/** Every frame in its time, over and over; where nothing moves, the last one is seen. */
function animation(frames: readonly Frame[]): string {
  const total = frames.reduce((sum, { seconds }) => sum + seconds, 0);
  let start = 0;
  const rules = frames.map(({ seconds }, index) => {
    const [from, to] = [start / total, (start + seconds) / total].map((part) => px((part * 1000) / 10));
    start += seconds;
    const before = index === 0 ? "" : `0%{opacity:0}`;
    const after = index === frames.length - 1 ? "" : `${to}%,100%{opacity:0}`;
    return `@keyframes f${index}{${before}${from}%{opacity:1}${after}}.f${index}{animation:f${index} ${px(total)}s step-end infinite}`;
  });
  return `<style>.frame{opacity:0}.frame:last-of-type{opacity:1}\n${rules.join("\n")}\n</style>`;
}

/** A drawing as wide as the terminal and as high as its fullest screen. */
export function drawing(frames: readonly Frame[], columns: number, title: string): string {
  const lines = Math.max(1, ...frames.map(({ screen }) => screen.length));
  const width = px(2 * MARGIN + columns * CHAR_WIDTH);
  const height = px(2 * MARGIN + lines * LINE_HEIGHT);
  const moving = frames.length > 1;
  const groups = frames.map(({ screen }, index) =>
    moving ? `<g class="frame f${index}">\n${screenSvg(screen)}\n</g>` : screenSvg(screen),
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">`,
    `<title>${escaped(title)}</title>`,
    ...(moving ? [animation(frames)] : []),
    `<rect width="100%" height="100%" rx="8" fill="${BACKGROUND}"/>`,
    `<g fill="${TEXT}" font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, monospace" font-size="${FONT_SIZE}">`,
    ...groups,
    "</g>",
    "</svg>",
    "",
  ].join("\n");
}

// From a terminal's output to a drawing.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { record } from "../../scripts/lib/picture/pty.mts";
import { type Screen, ScreenRecorder } from "../../scripts/lib/picture/screen.mts";
import { drawing } from "../../scripts/lib/picture/svg.mts";

const LINUX = { skip: process.platform === "linux" ? false : "needs script of util-linux" };
const plain = { bold: false, dim: false };

async function screen(output: string, columns = 20, rows = 5): Promise<Screen> {
  const terminal = new ScreenRecorder({ columns, rows });
  await terminal.write(output);
  return terminal.screen();
}

test("colours, bold and dim text become runs at their columns", async () => {
  assert.deepEqual(await screen("a \x1b[32mgreen\x1b[0m\r\n\x1b[1mbold\x1b[0m \x1b[2mdim\x1b[0m  "), [
    [
      { ...plain, column: 0, text: "a " },
      { ...plain, column: 2, text: "green", color: 2 },
    ],
    [
      { bold: true, dim: false, column: 0, text: "bold" },
      { ...plain, column: 4, text: " " },
      { bold: false, dim: true, column: 5, text: "dim" },
    ],
  ]);
});

test("what was overwritten or erased is not seen, what scrolled away is", async () => {
  assert.deepEqual(await screen("gone\r\x1b[2Know\r\n"), [[{ ...plain, column: 0, text: "now" }]]);
  const scrolled = await screen([1, 2, 3, 4, 5, 6, 7].join("\r\n"), 20, 3);
  assert.deepEqual(
    scrolled.map(([run]) => run?.text),
    ["1", "2", "3", "4", "5", "6", "7"],
  );
});

test("a drawing places every piece of text, escapes it, and ignores the spaces between", async () => {
  const svg = drawing([{ screen: await screen("ab   <c>\r\n\x1b[31mred\x1b[0m"), seconds: 1 }], 20, "a & b");
  assert.match(svg, /<title>a &amp; b<\/title>/);
  assert.match(
    svg,
    /<text x="16" y="30" textLength="16.8">ab<\/text>\n<text x="58" y="30" textLength="25.2">&lt;c&gt;/,
  );
  assert.match(svg, /<text x="16" y="50" textLength="25.2" fill="#e06c75">red<\/text>/);
  assert.doesNotMatch(svg, /@keyframes/);
});

test("an animation ends with the last screen, which is also what a reader without animations sees", async () => {
  const frames = [
    { screen: await screen("one"), seconds: 1 },
    { screen: await screen("two"), seconds: 3 },
  ];
  const svg = drawing(frames, 20, "x");
  assert.match(svg, /@keyframes f0\{0%\{opacity:1\}25%,100%\{opacity:0\}\}\.f0\{animation:f0 4s/);
  assert.match(svg, /@keyframes f1\{0%\{opacity:0\}25%\{opacity:1\}\}/);
  assert.match(svg, /\.frame:last-of-type\{opacity:1\}/);
});

test("a command runs on a terminal of the given size, its exit code is kept", LINUX, async () => {
  const recording = await record(["sh", "-c", "stty size; test -t 1 && echo terminal; exit 7"], {
    columns: 66,
    rows: 22,
  });
  assert.equal(recording.status, 7);
  assert.equal(recording.chunks.map(({ text }) => text).join(""), "22 66\r\nterminal\r\n");
});

test("the tool draws a command's screen with the texts replaced, and explains itself", LINUX, () => {
  const dir = mkdtempSync(join(tmpdir(), "picture-"));
  const tool = join(import.meta.dirname, "..", "..", "scripts", "terminal-picture.mts");
  const run = (...args: string[]) => spawnSync("node", [tool, ...args], { encoding: "utf8" });
  try {
    const file = join(dir, "out.svg");
    const done = run("--replace", "lb-1=shop", "--shown", "./dev up", file, "--", "echo", "lb-1 is up");
    assert.equal(done.stderr, "");
    const svg = readFileSync(file, "utf8");
    assert.match(svg, />\$ \.\/dev up<[^]*>shop is up</);
    assert.doesNotMatch(svg, /lb-1/);
    assert.match(run("--replace", "nonsense", file, "--", "true").stderr, /^error: --replace nonsense: want FROM=TO\n/);
    assert.match(run("--size", "9").stderr, /^error: Unknown option '--size'/);
    assert.match(run().stderr, /^error: want .*FILE\.svg -- COMMAND…\n/);
  } finally {
    rmSync(dir, { recursive: true });
  }
});

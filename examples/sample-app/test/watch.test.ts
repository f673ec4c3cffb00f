import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";

const folder = mkdtempSync(join(tmpdir(), "sample-app-"));
after(() => rmSync(folder, { recursive: true }));
writeFileSync(join(folder, "package.json"), '{"type":"module"}');
for (const file of ["watch.ts", "stop.ts"]) cpSync(new URL(`../src/${file}`, import.meta.url), join(folder, file));
mkdirSync(join(folder, "part"));

/** Saves as editors do: beside it, then by renaming. */
function save(name: string, text: string): void {
  writeFileSync(join(folder, `${name}.new`), text);
  renameSync(join(folder, `${name}.new`), join(folder, name));
}

describe("watching the source", () => {
  save("part/text.ts", `export const text = "first";`);
  save(
    "main.ts",
    `import { text } from "./part/text.ts"; console.log(text, process.argv[2]); setInterval(() => 0, 1e6);`,
  );
  const watching = spawn(process.execPath, [join(folder, "watch.ts"), "argument"], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  const exited = new Promise((resolve) => watching.once("exit", (code) => resolve(code)));
  after(() => watching.kill("SIGKILL"));
  let printed = "";
  const { promise: failed, reject } = Promise.withResolvers<never>();
  failed.catch(() => undefined);
  setTimeout(() => reject(new Error(`printed only: ${printed}`)), 30_000).unref();
  const line = (wanted: RegExp) => {
    const seen = new Promise<void>((resolve) => {
      const look = () => wanted.test(printed) && resolve();
      watching.stdout.on("data", look);
      look();
    });
    return Promise.race([seen, failed]);
  };
  watching.stdout.on("data", (chunk: Buffer) => (printed += chunk.toString()));

  it("runs main.ts with its arguments", () => line(/first argument/));

  it("runs it anew each time a file is replaced, also one in a folder", async () => {
    for (const text of ["second", "third", "fourth"]) {
      save("part/text.ts", `export const text = "${text}";`);
      await line(new RegExp(`${text} argument`));
    }
  });

  it("waits for the next save when a start fails", async () => {
    save("part/text.ts", "broken (");
    await line(/ended with code 1, waiting for a save/);
    save("part/text.ts", `export const text = "mended";`);
    await line(/mended argument/);
  });

  it("ends with what it runs", async () => {
    watching.kill("SIGTERM");
    assert.notEqual(await exited, 0);
  });
});

it("ends at once, with the same code, when what it runs does not even start once", async () => {
  save("main.ts", "process.exit(3);");
  const watching = spawn(process.execPath, [join(folder, "watch.ts")], { stdio: "ignore" });
  after(() => watching.kill("SIGKILL"));
  assert.equal(await new Promise((resolve) => watching.once("exit", (code) => resolve(code))), 3);
});

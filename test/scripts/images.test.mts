// Which images `./dev` makes for a project, and what it writes for its program.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";

const REPOSITORY = join(import.meta.dirname, "..", "..");
let dir: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "images-"));
  symlinkSync(join(REPOSITORY, "node_modules"), join(dir, "node_modules"));
});

afterEach(() => {
  rmSync(dir, { recursive: true });
});

/** A settings.ts with these names under `images`. */
function settings(...names: string[]): void {
  const fields = names.map((name) => `${JSON.stringify(name)}: z.string().optional()`).join(", ");
  const text = `import { z } from "zod";\nexport const schema = z.object({ images: z.object({ ${fields} }).prefault({}) });\n`;
  writeFileSync(join(dir, "settings.ts"), text);
}

/** A docker command whose host is amd64, and whose images are, too, but for those called otherwise. */
function docker(): string {
  const bin = join(dir, "bin");
  mkdirSync(bin);
  const image = `{"Id":"'"$id"'","Os":"linux","Architecture":"'"\${id%%-*}"'"}`;
  const script = `#!/bin/sh
case $1 in
  info) echo '{"OSType":"linux"}' ;;
  version) echo '{"Server":{"Version":"26.1.5","ApiVersion":"1.45","Arch":"amd64"}}' ;;
  image) shift 2; list=; for id; do list="$list\${list:+,}"'${image}'; done; echo "[$list]" ;;
esac
`;
  writeFileSync(join(bin, "docker"), script);
  chmodSync(join(bin, "docker"), 0o755);
  return bin;
}

function images(args: readonly string[], path = process.env["PATH"] ?? ""): { status: number | null; text: string } {
  const script = join(REPOSITORY, "scripts", "images.mts");
  const done = spawnSync(process.execPath, [script, ...args], {
    encoding: "utf8",
    env: { ...process.env, PATH: path },
  });
  return { status: done.status, text: done.stdout + done.stderr };
}

const needed = (): string => images(["names", dir]).text.trim();

test("a project needs what its schema names, and the application's base only with an application", () => {
  settings("nginx", "app", "postgres", "migration", "local", "variant", "nginxVersion", "files", "own");
  assert.equal(needed(), "files postgres nginx node");
  settings("nats", "files");
  assert.equal(needed(), "files nats");
});

test("where no schema can be read, all images are made, and the program says what is wrong", () => {
  const all = Object.keys(JSON.parse(readFileSync(join(REPOSITORY, "images", "official.json"), "utf8")) as object);
  assert.equal(needed(), all.join(" "));
  writeFileSync(join(dir, "settings.ts"), "throw new Error('broken');\n");
  assert.equal(needed(), all.join(" "));
  settings("own");
  assert.equal(needed(), all.join(" "));
});

test("both systems of this repository get the broker that they use", () => {
  const names = (folder: string): string[] =>
    images(["names", join(REPOSITORY, folder)])
      .text.trim()
      .split(" ");
  assert.deepEqual(names("."), ["files", "postgres", "redis", "kafka", "nginx", "node"]);
  assert.deepEqual(names("examples/task-tracker"), ["files", "postgres", "nats", "nginx", "node"]);
});

test("images/ensure.sh knows each name that has an official image, and the other way round", () => {
  const text = readFileSync(join(REPOSITORY, "images", "ensure.sh"), "utf8");
  const names = /^all='(.*)'$/m.exec(text)?.[1]?.split(" ");
  assert.deepEqual(names, Object.keys(JSON.parse(readFileSync(join(REPOSITORY, "images", "official.json"), "utf8"))));
});

function write(made: object, ...app: string[]): { status: number | null; text: string; content: () => unknown } {
  const [base, out] = [join(dir, "base.json"), join(dir, "images.json")];
  writeFileSync(base, JSON.stringify({ mode: "stand-in", ...made }));
  const result = images(["write", base, out, ...app], `${docker()}:${process.env["PATH"]}`);
  return { ...result, content: () => JSON.parse(readFileSync(out, "utf8")) as unknown };
}

test("the program reads ids of products and of its application, without the application's base", () => {
  const made = { images: { files: "amd64-1", nginx: "amd64-2", node: "amd64-3" }, versions: { nginx: "1.30.6" } };
  const { status, text, content } = write(made, "amd64-4");
  assert.deepEqual([status, text], [0, "stand-in, application built here, changed\n"]);
  assert.deepEqual(content(), { files: "amd64-1", nginx: "amd64-2", app: "amd64-4", nginxVersion: "1.30.6" });
});

test("a project without an application has none in it", () => {
  const { status, text, content } = write({ images: { files: "amd64-1" }, versions: {} }, "");
  assert.deepEqual([status, text], [0, "stand-in, changed\n"]);
  assert.deepEqual(content(), { files: "amd64-1" });
});

test("a build that ended without an image, and an image of another processor, are refused", () => {
  const made = { images: { node: "amd64-3" }, versions: {} };
  assert.match(write(made, "").text, /error: the build of the application image ended without an image/);
  rmSync(join(dir, "bin"), { recursive: true });
  const { status, text } = write({ images: { nats: "arm64-1" }, versions: {} }, "");
  assert.equal(status, 1);
  assert.match(text, /image arm64-1: want linux\/amd64, as Docker's host is, got linux\/arm64/);
});

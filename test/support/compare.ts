import * as fs from "node:fs";
import * as path from "node:path";

import { Graph, Inputs, key } from "./harness";
import { localImages, LUNCH_BOT, ROOT, StackName, stackValues, System, TEST_FOLDERS } from "./stacks";

/** Inputs by `Type name`, with what is volatile or long replaced by what it stands for. */
export function normalised(graph: Graph, stack: StackName, system: System = LUNCH_BOT): Record<string, Inputs> {
  const replace = shortener(stack, system);
  const entries = graph.nodes.map((node) => [key(node), replaceStrings(node.inputs, replace)] as const);
  return Object.fromEntries(entries) as Record<string, Inputs>;
}

function replaceStrings(value: unknown, replace: (text: string) => string): unknown {
  if (typeof value === "string") return replace(value);
  if (Array.isArray(value)) return value.map((item) => replaceStrings(item, replace));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, replaceStrings(item, replace)]));
}

function shortener(stack: StackName, system: System): (text: string) => string {
  const names = imageNames(stack, system);
  const clone = new RegExp(`^${TEST_FOLDERS}[^/]+/`);
  return (text) =>
    text === stack
      ? "<stack>"
      : (names.get(text) ?? scripts().get(text) ?? text)
          .replaceAll(`${system.project}-${stack}-`, `${system.project}-<stack>-`)
          .replace(/-config-[0-9a-f]{8}$/, "-config-<hash>")
          .replace(clone, "<clone>/");
}

/** Digests are committed with every deploy; what is compared is who runs which image. */
function imageNames(stack: StackName, system: System): ReadonlyMap<string, string> {
  const { local, ...named } = stackValues(stack, system).images as Record<string, string>;
  const images = { ...(local && localImages(system)), ...named };
  return new Map(Object.entries(images).map(([name, image]) => [image, `<image ${name}>`]));
}

let known: ReadonlyMap<string, string> | undefined;

/** Names of the library's scripts by their text, alone and behind the common prelude. */
function scripts(): ReadonlyMap<string, string> {
  if (known) return known;
  const folders = ["platform", "secrets", "services"].map((folder) => path.join(ROOT, "components", folder, "scripts"));
  const files = folders.flatMap((folder) => fs.readdirSync(folder).map((file) => path.join(folder, file)));
  const texts = files.map((file) => [fs.readFileSync(file, "utf8"), path.basename(file)] as const);
  const textOf = (name: string) => texts.find(([, other]) => other === name)?.[0] ?? "";
  const joined = (...names: string[]) => [names.map(textOf).join("\n"), `<${names.join(" ")}>`] as const;
  const behindPrelude = (...names: string[]) => joined("prelude.sh", ...names);
  return (known = new Map([
    ...texts.map(([text, name]) => [text, `<${name}>`] as const),
    ...texts.map(([, name]) => behindPrelude(name)),
    ...texts.flatMap(([, name]) =>
      ["postgres-session.sh", "login-marks.sh"].flatMap((first) => [joined(first, name), behindPrelude(first, name)]),
    ),
    behindPrelude("postgres-session.sh", "postgres-adopt.sh", "postgres-roles.sh"),
    behindPrelude("login-marks.sh", "redis-session.sh", "redis-login.sh"),
    behindPrelude("redis-session.sh", "redis-revoke.sh"),
    joined("login-marks.sh", "redis-session.sh", "redis-list.sh"),
  ]));
}

/** What is different in the second: `Type name path: before → after`, and resources that only one of them has. */
export function differences(before: Record<string, Inputs>, after: Record<string, Inputs>): string[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return names.flatMap((name) => {
    if (!(name in after)) return [`- ${name}`];
    if (!(name in before)) return [`+ ${name}`];
    return changed(name, before[name], after[name]);
  });
}

function changed(at: string, before: unknown, after: unknown): string[] {
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  if (isText(before) && isText(after)) return changedLines(at, before.split("\n"), after.split("\n"));
  if (!isObject(before) || !isObject(after)) return [`${at}: ${JSON.stringify(before)} → ${JSON.stringify(after)}`];
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return names.flatMap((name) => changed(`${at} ${name}`, before[name], after[name]));
}

/** Of a file the lines that only one of them has. */
function changedLines(at: string, before: readonly string[], after: readonly string[]): string[] {
  return [
    ...before.filter((line) => !after.includes(line)).map((line) => `${at}: - ${line.trim()}`),
    ...after.filter((line) => !before.includes(line)).map((line) => `${at}: + ${line.trim()}`),
  ];
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value.includes("\n");
}

function isObject(value: unknown): value is Inputs {
  return typeof value === "object" && value !== null;
}

// The state of one stack: read from its file where the backend is a folder, from the CLI where it is anything else.
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { readIfThere } from "./files.mts";
import type { Lock } from "./locks.mts";
import { capture, UserError } from "./run.mts";
import { parseState, type State } from "./state.mts";

export interface StackId {
  readonly project: string;
  readonly stack: string;
}

/** The folder behind a `file://` backend, or nothing for backends that only the CLI can read. */
export function backendFolder(url: string): string | undefined {
  if (!url.startsWith("file://")) return undefined;
  const path = url.slice("file://".length).split("?")[0] ?? "";
  return path.startsWith("/") ? fileURLToPath(`file://${path}`) : undefined;
}

function parseFile(file: string, text: string): State {
  try {
    return parseState(text);
  } catch {
    throw new UserError(`the state file ${file} is damaged`, `the one before it: ${file}.bak`);
  }
}

/** The stack's state, or nothing when there is no such stack. */
export function readState(backendUrl: string, { project, stack }: StackId): State | undefined {
  const folder = backendFolder(backendUrl);
  if (folder) {
    const file = join(folder, ".pulumi", "stacks", project, `${stack}.json`);
    if (!existsSync(`${file}.gz`)) {
      const text = readIfThere(file);
      return text === undefined ? undefined : parseFile(file, text);
    }
  }
  const exported = capture("pulumi", ["stack", "export", "--stack", stack, "--non-interactive"]);
  return exported.status === 0 ? parseState(exported.stdout) : undefined;
}

/** The locks on a stack of a folder backend; other backends manage their own. */
export function readLocks(backendUrl: string, { project, stack }: StackId): Lock[] {
  const folder = backendFolder(backendUrl);
  if (!folder) return [];
  const dir = join(folder, ".pulumi", "locks", "organization", project, stack);
  if (!existsSync(dir)) return [];
  return readdirSync(dir)
    .filter((name) => name.endsWith(".json"))
    .map((name) => readFileSync(join(dir, name), "utf8"))
    .filter(isJson) // a half-written one is debris
    .map((text) => JSON.parse(text) as Lock);
}

/**
 * What a kill in the middle of a write leaves beside a stack's files: half-written metadata (`.attrs`) and locks, on
 * which every later command fails, and drafts.
 */
function findDebris(backendUrl: string, { project, stack }: StackId): string[] {
  const folder = backendFolder(backendUrl);
  if (!folder) return [];
  const dirs = [join("stacks", project), join("locks", "organization", project, stack)];
  return dirs
    .map((dir) => join(folder, ".pulumi", dir))
    .filter((dir) => existsSync(dir))
    .flatMap((dir) => readdirSync(dir).map((name) => join(dir, name)))
    .filter((path) => isDebris(path, stack));
}

/** Names of such files. */
export function debrisOf(backendUrl: string, stack: StackId): string[] {
  return findDebris(backendUrl, stack).map((path) => basename(path));
}

/** Removes them, and returns their names. */
export function removeDebris(backendUrl: string, stack: StackId): string[] {
  return findDebris(backendUrl, stack).map((path) => {
    rmSync(path);
    return basename(path);
  });
}

function isDebris(path: string, stack: string): boolean {
  const name = basename(path);
  const ours = name.startsWith(`${stack}.json`) || dirname(path).endsWith(join("/", stack));
  if (!ours) return false;
  return name.endsWith(".tmp") || (name.endsWith(".attrs") && isDamaged(path)) || isDamagedLock(path, stack);
}

const isDamaged = (path: string): boolean => !isJson(readFileSync(path, "utf8"));

/** A lock that is being written right now is half there, too. */
const LOCK_WRITE_MS = 2_000;

function isDamagedLock(path: string, stack: string): boolean {
  if (!path.endsWith(".json") || basename(dirname(path)) !== stack || !path.includes(join("/", "locks", "/")))
    return false;
  return isDamaged(path) && Date.now() - statSync(path).mtimeMs > LOCK_WRITE_MS;
}

/** Whether one of the stack's locks was written half, so that nobody can tell who held it. */
export function hasDamagedLock(backendUrl: string, stack: StackId): boolean {
  return findDebris(backendUrl, stack).some((path) => isDamagedLock(path, stack.stack));
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

// The folder of one run, in which all its tests make their temporary files. Its entries bear the names of what the tests
// made in Docker, and its processes have it in their environment: so what a killed run left can be found and removed.
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { capture, UserError } from "../run.mts";
import { removeFromDocker } from "./docker-remains.mts";

/** A folder for each user, since nobody may write in another's. */
const PARENT = join(tmpdir(), `dockwright-tests-${process.getuid?.() ?? "user"}`);
const ADVICE = "remove it, or set TMPDIR to a folder of your own";
const OWNER_FILE = "owner";
/** Where the run's daemon is: a later run may be told of another one. */
const DOCKER_HOST_FILE = "docker-host";
const DEFAULT_DOCKER_HOST = "unix:///var/run/docker.sock";

/** What became of the remains of runs. */
export interface Swept {
  /** Names of what tests had made in Docker. */
  readonly names: readonly string[];
  /** Folders of runs of which something is left, each with the reason. */
  readonly left: readonly string[];
}

/** Makes the folder of this run. It appears with its owner in it: without one, another run would take it for dead. */
export function makeRunFolder(parent = PARENT): string {
  return explainFailure(parent, () => {
    if (!isThere(parent)) mkdirSync(parent, { recursive: true, mode: 0o700 });
    checkParent(parent);
    const draft = mkdtempSync(join(parent, "draft-"));
    writeFileSync(join(draft, OWNER_FILE), `${process.pid} ${startOf(process.pid)}`);
    writeFileSync(join(draft, DOCKER_HOST_FILE), process.env["DOCKER_HOST"] || DEFAULT_DOCKER_HOST);
    const folder = join(parent, `run-${draft.slice(-6)}`);
    renameSync(draft, folder);
    return folder;
  });
}

/** Removes what runs have left whose process is gone. */
export function removeDeadRuns(parent = PARENT): Swept {
  return explainFailure(parent, () => {
    if (!isThere(parent)) return { names: [], left: [] };
    checkParent(parent);
    const dead = runsIn(parent).filter((folder) => !isAlive(folder));
    const swept = dead.map((folder) => removeRunFolder(folder));
    return { names: swept.flatMap(({ names }) => names), left: swept.flatMap(({ left }) => left) };
  });
}

/** Whoever makes a folder or a link of that name before us would say what is removed, and read what tests write. */
function checkParent(parent: string): void {
  const found = lstatSync(parent);
  if (found.isDirectory() && found.uid === (process.getuid?.() ?? found.uid)) return;
  throw new UserError(`${parent} is no folder of this user`, ADVICE);
}

function explainFailure<Result>(parent: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(`${parent} cannot be used: ${(error as Error).message}`, ADVICE);
  }
}

/** Folders as makeRunFolder makes them. */
function runsIn(parent: string): string[] {
  const folders = readdirSync(parent, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const names = folders.map(({ name }) => name).filter((name) => /^run-\w{6}$/.test(name));
  return names.map((name) => join(parent, name));
}

/**
 * Ends the processes of a run, removes its containers, networks and volumes, and last its folder. The folder stays
 * where something else does, so that the next run can try again. Never throws.
 */
export function removeRunFolder(folder: string): Swept {
  const names = namesIn(folder);
  const host = readIfFile(join(folder, DOCKER_HOST_FILE));
  const complaints = [...processesOf(folder).flatMap(kill), ...removeFromDocker(names, host)];
  if (complaints.length === 0) complaints.push(...removeFiles(folder));
  if (complaints.length === 0) return { names, left: [] };
  return { names: [], left: [`${folder}: ${complaints.join("; ")}`] };
}

function removeFiles(folder: string): string[] {
  try {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 }); // what was killed may still write
    return [];
  } catch (error) {
    return [(error as Error).message];
  }
}

/**
 * Names that tests gave what they made: each has a folder called `<name>-XXXXXX`. Only names that are nobody else's
 * count, by what ProjectCopy and Edge end them with.
 */
export function namesIn(folder: string): string[] {
  const pattern = /^(lb-[\da-z-]+-[\da-z]{4,}|edge-test-[\da-f]{8})-\w{6}$/;
  const own = namesOfEntries(folder).map((entry) => pattern.exec(entry)?.[1]);
  // The second system of a copy is called like the first, but for its beginning.
  const names = own.filter((name) => name !== undefined).flatMap((name) => [name, name.replace(/^lb-/, "tt-")]);
  return [...new Set(names)];
}

/** A run is its process, by its number and its start, since numbers are used again. */
function isAlive(folder: string): boolean {
  const [, number, start = ""] = /^([1-9]\d*) ?(.*)$/.exec(readIfFile(join(folder, OWNER_FILE)) ?? "") ?? [];
  const pid = Number(number);
  return number !== undefined && exists(pid) && startOf(pid) === start;
}

function exists(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM"; // another user's
  }
}

/** When a process began: empty where `ps` cannot tell, and of one that has ended and only waits to be reaped. */
function startOf(pid: number): string {
  // Another run has to read the same, in whatever language and time zone it is.
  const { stdout } = capture("env", ["LC_ALL=C", "TZ=UTC", "ps", "-o", "stat=", "-o", "lstart=", "-p", String(pid)]);
  const [, state = "Z", start = ""] = /^(\S+)\s+(.+)$/.exec(stdout.trim()) ?? [];
  return state.startsWith("Z") ? "" : start;
}

/** Processes with a run's folder for their temporary files; only Linux tells. */
function processesOf(folder: string): number[] {
  const pids = namesOfEntries("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
  return pids.filter((pid) => pid !== process.pid && environmentOf(pid).includes(`TMPDIR=${folder}`));
}

/** Gives why it could not, and nothing where the process has ended. */
function kill(pid: number): string[] {
  try {
    process.kill(pid, "SIGKILL");
    return [];
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return code === "ESRCH" ? [] : [`process ${pid}: ${message}`];
  }
}

/** Nothing of one that has ended, or is another user's. */
function environmentOf(pid: number): string[] {
  return (readIfFile(`/proc/${pid}/environ`) ?? "").split("\0");
}

function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

function readIfFile(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

function namesOfEntries(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

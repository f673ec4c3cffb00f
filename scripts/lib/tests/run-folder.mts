// The folder of one run, in which all its tests make their temporary files. Its entries bear the names of what the tests
// made in Docker, and its processes have it in their environment: so what a killed run left can be found and removed.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { readIfThere } from "../files.mts";
import { capture, lines } from "../run.mts";

/** A folder for each user, since nobody can write in another's. */
const PARENT = join(tmpdir(), `dockwright-tests-${userInfo().username}`);
const OWNER_FILE = "owner";

/** Makes the folder of this run. It appears with its owner in it: without one, another run would take it for dead. */
export function makeRunFolder(parent = PARENT): string {
  mkdirSync(parent, { recursive: true });
  const draft = mkdtempSync(`${parent}-`);
  writeFileSync(join(draft, OWNER_FILE), `${process.pid} ${startOf(process.pid)}`);
  const folder = join(parent, `run-${draft.slice(-6)}`);
  renameSync(draft, folder);
  return folder;
}

/** Removes what runs have left whose process is gone; gives the names of what tests had made. */
export function removeDeadRuns(parent = PARENT): string[] {
  const folders = (readdirIfThere(parent) ?? []).map((name) => join(parent, name));
  return folders.filter((folder) => !isAlive(folder)).flatMap((folder) => removeRunFolder(folder));
}

/** Ends the processes of a run, removes its containers, networks and volumes, and last its folder. */
export function removeRunFolder(folder: string): string[] {
  const names = namesIn(folder);
  for (const pid of processesOf(folder)) kill(pid);
  for (const name of names) removeFromDocker(name);
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 }); // what was killed may still write
  return names;
}

/**
 * Names that tests gave what they made: each has a folder called `<name>-XXXXXX`. Only names that are nobody else's
 * count, by what ProjectCopy and Edge end them with.
 */
export function namesIn(folder: string): string[] {
  const pattern = /^(lb-.+-[\da-z]{4,}|edge-test-[\da-f]{8})-\w{6}$/;
  const own = (readdirIfThere(folder) ?? []).map((entry) => pattern.exec(entry)?.[1]);
  // The second system of a copy is called like the first, but for its beginning.
  const names = own.filter((name) => name !== undefined).flatMap((name) => [name, name.replace(/^lb-/, "tt-")]);
  return [...new Set(names)];
}

/** A run is its process, by its number and its start, since numbers are used again. */
function isAlive(folder: string): boolean {
  const [pid = "", ...start] = (readIfThere(join(folder, OWNER_FILE)) ?? "").split(" ");
  return pid !== "" && exists(Number(pid)) && startOf(Number(pid)) === start.join(" ");
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
  const pids = (readdirIfThere("/proc") ?? []).filter((name) => /^\d+$/.test(name)).map(Number);
  return pids.filter((pid) => pid !== process.pid && environmentOf(pid).includes(`TMPDIR=${folder}`));
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error; // it has ended by itself
  }
}

function environmentOf(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, "utf8").split("\0");
  } catch {
    return []; // it has ended, or is another user's
  }
}

/** What carries a project's label or has a name that begins with it, and containers that use such a volume. */
function removeFromDocker(name: string): void {
  const docker = (...args: string[]): string[] => lines(capture("docker", args).stdout);
  const filters = [`label=dockwright.project=${name}`, `name=^${name}`];
  const list = (...args: string[]): string[] => filters.flatMap((filter) => docker(...args, "--filter", filter));
  const remove = (words: readonly string[], found: readonly string[]): void => {
    if (found.length > 0) docker(...words, ...new Set(found));
  };
  const volumes = list("volume", "ls", "--quiet");
  const users = volumes.flatMap((volume) => docker("ps", "--all", "--quiet", "--filter", `volume=${volume}`));
  remove(["rm", "--force", "--volumes"], [...list("ps", "--all", "--quiet"), ...users]);
  remove(["network", "rm"], list("network", "ls", "--quiet"));
  remove(["volume", "rm", "--force"], volumes);
}

function readdirIfThere(folder: string): string[] | undefined {
  try {
    return readdirSync(folder);
  } catch {
    return undefined;
  }
}

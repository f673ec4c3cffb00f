// What tests made in Docker under names of their own, and its removal.
import { spawnSync } from "node:child_process";
import { capture, lines } from "../run.mts";

/** No daemon may hold up a run that has nothing to do with it. */
const SECONDS_FOR_ANSWER = 30;

/** Removes all that bears such names. Gives what could not be asked or removed, in Docker's words. */
export function removeFromDocker(names: readonly string[], host: string | undefined): string[] {
  const complaints: string[] = [];
  try {
    for (const name of names) complaints.push(...removeNamed(name, host));
  } catch (error) {
    complaints.push((error as Error).message); // who does not answer for one name does not for the next
  }
  return complaints;
}

/** What carries a project's label or has its name, alone or in front, and containers that use such a volume. */
function removeNamed(name: string, host: string | undefined): string[] {
  const filters = [`label=dockwright.project=${name}`, `name=^${name}(-|$)`];
  const list = (...args: string[]): string[] => filters.flatMap((filter) => ask(host, [...args, "--filter", filter]));
  const volumes = list("volume", "ls", "--quiet");
  const users = volumes.flatMap((volume) => ask(host, ["ps", "--all", "--quiet", "--filter", `volume=${volume}`]));
  return [
    ...remove(host, ["rm", "--force", "--volumes"], [...list("ps", "--all", "--quiet"), ...users]),
    ...remove(host, ["network", "rm"], list("network", "ls", "--quiet")),
    ...remove(host, ["volume", "rm", "--force"], volumes),
  ];
}

function ask(host: string | undefined, args: readonly string[]): string[] {
  const options = { encoding: "utf8", timeout: SECONDS_FOR_ANSWER * 1000 } as const;
  const { status, stdout, stderr, error } = spawnSync("docker", [...atHost(host), ...args], options);
  if (status === 0) return lines(stdout);
  const [reason = `exit code ${status}`] = error ? [error.message] : lines(stderr);
  throw new Error(`Docker could not be asked: ${reason}`);
}

/** What has gone meanwhile, or is about to, is no complaint. */
function remove(host: string | undefined, words: readonly string[], found: readonly string[]): string[] {
  if (found.length === 0) return [];
  const { status, stderr } = capture("docker", [...atHost(host), ...words, ...new Set(found)]);
  if (status === 0) return [];
  const said = lines(stderr);
  if (said.length === 0) return [`docker ${words.join(" ")} ended with ${status}`];
  return said.filter((line) => !/no such|not found|already in progress|^exit status/i.test(line));
}

function atHost(host: string | undefined): string[] {
  return host === undefined ? [] : ["--host", host];
}

// Free space where Docker keeps its data, as far as that can be seen from here.
import { statfsSync } from "node:fs";
import { hostname, release } from "node:os";
import { dirname } from "node:path";
import type { Daemon } from "./daemon.mts";
import { type Finding, GIB, missing, note, ok, size } from "./finding.mts";

const LEAST_BYTES = GIB;
const COMFORT_BYTES = 5 * GIB;
const FULL = 0.9;

export interface Space {
  readonly freeBytes: number;
  readonly usedShare: number;
}

/** The space around a path; of the nearest folder upward where the path is not there yet. */
export function readSpace(path: string): Space | undefined {
  for (let folder = path; ; folder = dirname(folder)) {
    try {
      const { bsize, blocks, bfree, bavail } = statfsSync(folder);
      const used = blocks - bfree;
      return { freeBytes: bavail * bsize, usedShare: used / Math.max(1, used + bavail) };
    } catch {
      if (folder === dirname(folder)) return undefined;
    }
  }
}

/**
 * Whether the daemon's paths are this machine's. A socket alone does not say: behind it may be a VM (Docker Desktop,
 * Colima) or, from within a container, the host.
 */
export function isHere(
  daemon: Daemon,
  dockerHost: string,
  machine = { hostname: hostname(), kernel: release() },
): boolean {
  const bySocket = dockerHost === "" || dockerHost.startsWith("unix://");
  return bySocket && daemon.name === machine.hostname && daemon.kernel === machine.kernel;
}

export function judgeSpace(name: string, path: string, space: Space, least = LEAST_BYTES): Finding {
  const { freeBytes, usedShare } = space;
  const state = `${size(freeBytes)} free (${Math.floor(usedShare * 100)} % used) at ${path}`;
  if (freeBytes < least) {
    const text = `want ${size(least)} free or more at ${path}, got ${size(freeBytes)}`;
    return missing("Host", name, text, "free some: docker image prune, docker builder prune, or a larger disk");
  }
  if (freeBytes < COMFORT_BYTES || usedShare > FULL) {
    return note("Host", name, `nearly full: ${state}`, "see what can go: docker system df");
  }
  return ok("Host", name, state);
}

/** Folders that fill up with images, containers and volumes. */
function dataFolders(daemon: Daemon): string[] {
  return daemon.containerdStore ? [daemon.rootDir, "/var/lib/containerd"] : [daemon.rootDir];
}

export function judgeDisk(
  daemon: Daemon,
  dockerHost: string,
  read = readSpace,
  machine?: Parameters<typeof isHere>[2],
): Finding[] {
  if (!isHere(daemon, dockerHost, machine)) {
    return [note("Host", "docker.disk", "free space is not known: the daemon is elsewhere, or in a VM")];
  }
  return dataFolders(daemon).flatMap((folder) => {
    const space = read(folder);
    return space ? [judgeSpace("docker.disk", folder, space)] : [];
  });
}

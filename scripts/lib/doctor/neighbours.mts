// What runs on the daemon already: the containers of stacks, with what they may use and what is kept for them.
import type { StackId } from "../backend.mts";
import { lines } from "../run.mts";
import { ask } from "./ask.mts";

/** The running services of one stack together. */
export interface Usage extends StackId {
  readonly cpus: number;
  readonly memoryMiB: number;
  /** What is kept for those that have a reservation. */
  readonly reservedMiB: number;
}

const MIB = 1024 ** 2;
const FORMAT = [
  '{{index .Config.Labels "dockwright.project"}}',
  '{{index .Config.Labels "dockwright.stack"}}',
  "{{.HostConfig.NanoCpus}}",
  "{{.HostConfig.Memory}}",
  "{{.HostConfig.MemoryReservation}}",
].join("\t");

/** Parses a line of the format above: one container. */
export function parseUsage(line: string): Usage {
  const [project = "", stack = "", nanoCpus, memory, reservation] = line.split("\t");
  return {
    ...{ project, stack },
    cpus: Number(nanoCpus) / 1e9,
    memoryMiB: Number(memory) / MIB,
    reservedMiB: Number(reservation) / MIB,
  };
}

/** Containers added up by stack, without those of one. */
export function otherStacks(containers: readonly Usage[], own: StackId): Usage[] {
  const stacks = new Map<string, Usage>();
  for (const { project, stack, cpus, memoryMiB, reservedMiB } of containers) {
    if (project === own.project && stack === own.stack) continue;
    const key = `${project}/${stack}`;
    const all = stacks.get(key) ?? { project, stack, cpus: 0, memoryMiB: 0, reservedMiB: 0 };
    stacks.set(key, {
      ...all,
      cpus: all.cpus + cpus,
      memoryMiB: all.memoryMiB + memoryMiB,
      reservedMiB: all.reservedMiB + reservedMiB,
    });
  }
  return [...stacks.values()];
}

/** The other stacks on the daemon. A container that goes in the meantime is left out. */
export async function neighboursOf(own: StackId, ms?: number): Promise<Usage[]> {
  const filters = ["--filter", "label=dockwright.project", "--filter", "label=dockwright.role=service"];
  const ids = lines((await ask("docker", ["ps", "--quiet", ...filters], ms)).stdout);
  if (ids.length === 0) return [];
  const inspected = await ask("docker", ["inspect", "--format", FORMAT, ...ids], ms);
  return otherStacks(lines(inspected.stdout).map(parseUsage), own);
}

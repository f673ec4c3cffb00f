// What a stack may use at most and needs at least, by its schema and its settings, against what the daemon's host has.
import { isTree, type Tree } from "../merge.mts";
import type { Daemon } from "./daemon.mts";
import { type Finding, missing, note, ok, size } from "./finding.mts";

const MIB = 1024 ** 2;

/** The JSON Schema of `limits` and `replicas` of a program's settings. */
export interface Rules {
  readonly limits: Tree;
  readonly replicas: Tree;
}

export interface Need {
  readonly service: string;
  readonly replicas: number;
  readonly cpus: number;
  readonly memoryMiB: number;
  /** Its reservation, else the smallest limit that its schema allows. */
  readonly leastMiB: number;
}

function at(tree: unknown, ...path: string[]): unknown {
  return path.reduce<unknown>((value, key) => (isTree(value) ? value[key] : undefined), tree);
}

/** The first number; a value of another type is the program's to complain about. */
function number(...values: unknown[]): number | undefined {
  return values.find((value): value is number => typeof value === "number");
}

/** Effective needs of each service: what the settings of the stack say, else what the schema does. */
export function needsOf({ limits, replicas }: Rules, settings: { limits?: unknown; replicas?: unknown }): Need[] {
  const services = at(limits, "properties");
  return Object.keys(isTree(services) ? services : {}).map((service) => {
    const value = (key: string): number | undefined =>
      number(at(settings.limits, service, key), at(limits, "properties", service, "properties", key, "default"));
    return {
      service,
      replicas: number(at(settings.replicas, service), at(replicas, "properties", service, "default")) ?? 1,
      cpus: value("cpus") ?? 0,
      memoryMiB: value("memoryMiB") ?? 0,
      leastMiB:
        value("memoryReservationMiB") ??
        number(at(limits, "properties", service, "properties", "memoryMiB", "minimum")) ??
        0,
    };
  });
}

function setCommand(path: string, value: number | string, stack: string): string {
  return `./dev pulumi config set --path ${path} ${value} --stack ${stack}`;
}

/** Docker refuses to create a container whose CPU limit is above the number of CPUs. */
function tooManyCpus(needs: readonly Need[], { cpus }: Daemon, stack: string): Finding[] {
  return needs
    .filter((need) => need.cpus > cpus)
    .map((need) =>
      missing(
        "Host",
        `limits.${need.service}.cpus`,
        `want at most ${cpus}, the CPUs of Docker's host, got ${need.cpus}`,
        setCommand(`limits.${need.service}.cpus`, cpus, stack),
      ),
    );
}

function judgeMemory(needs: readonly Need[], { memoryBytes }: Daemon, stack: string): Finding {
  const sum = (of: (need: Need) => number): number =>
    needs.reduce((all, need) => all + of(need) * need.replicas, 0) * MIB;
  const [least, most] = [sum(({ leastMiB }) => leastMiB), sum(({ memoryMiB }) => memoryMiB)];
  const biggest = [...needs].sort((a, b) => b.leastMiB * b.replicas - a.leastMiB * a.replicas)[0];
  if (least > memoryBytes) {
    return missing(
      "Host",
      "limits.*.memoryReservationMiB",
      `want at most ${size(memoryBytes)} in all, the memory of Docker's host, got ${size(least)}`,
      `give the host (on macOS: the VM) more memory, or lower reservations, first ` +
        setCommand(`limits.${biggest?.service}.memoryReservationMiB`, "MIB", stack),
    );
  }
  if (most > memoryBytes) {
    const text = `all limits together are ${size(most)}, Docker's host has ${size(memoryBytes)}: under full load something is killed`;
    return note("Host", "limits.*.memoryMiB", text, "lower limits.<service>.memoryMiB, or give the host more memory");
  }
  return ok(
    "Host",
    "memory",
    `${size(memoryBytes)}; limits of all services are ${size(most)}, at least ${size(least)}`,
  );
}

/** Whether the stack fits the host. */
export function judgeNeeds(needs: readonly Need[], daemon: Daemon, stack: string): Finding[] {
  const refused = tooManyCpus(needs, daemon, stack);
  const largest = Math.max(0, ...needs.map(({ cpus }) => cpus));
  const cpus = refused.length > 0 ? refused : [ok("Host", "CPUs", `${daemon.cpus}; the largest limit is ${largest}`)];
  return [...cpus, judgeMemory(needs, daemon, stack)];
}

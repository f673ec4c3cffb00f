// Whether a stack fits the daemon's host, beside the stacks that are there.
import { count } from "../run.mts";
import type { Daemon } from "./daemon.mts";
import { type Finding, missing, note, ok, size } from "./finding.mts";
import type { Need } from "./needs.mts";
import type { Usage } from "./neighbours.mts";

const MIB = 1024 ** 2;

function setCommand(path: string, value: number | string, stack: string): string {
  return `./dev pulumi config set --path ${path} ${value} --stack ${stack}`;
}

const add = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

/** Docker refuses a CPU limit above the number of CPUs; a memory limit above the memory is none. */
function tooLarge(needs: readonly Need[], { cpus, memoryBytes }: Daemon, stack: string): Finding[] {
  return needs.flatMap((need) => {
    const limits = `limits.${need.service}`;
    const hostMiB = Math.floor(memoryBytes / MIB);
    return [
      ...(need.cpus > cpus
        ? [
            missing(
              "Host",
              `${limits}.cpus`,
              `want at most ${cpus}, the CPUs of Docker's host, got ${need.cpus}`,
              setCommand(`${limits}.cpus`, cpus, stack),
            ),
          ]
        : []),
      ...(need.memoryMiB > hostMiB
        ? [
            missing(
              "Host",
              `${limits}.memoryMiB`,
              `want at most ${hostMiB}, the memory of Docker's host in MiB, got ${need.memoryMiB}`,
              setCommand(`${limits}.memoryMiB`, hostMiB, stack),
            ),
          ]
        : []),
    ];
  });
}

/** `2.0 GiB of this stack, 1.0 GiB of 2 others`, without parts that are nothing. */
function parts(own: string, others: string, { length }: readonly Usage[]): string {
  return length === 0 ? `${own} of this stack` : `${own} of this stack, ${others} of ${count(length, "other")}`;
}

function judgeReservations(needs: readonly Need[], others: readonly Usage[], daemon: Daemon, stack: string): Finding[] {
  const own = add(needs.map(({ leastMiB, replicas }) => leastMiB * replicas)) * MIB;
  const overlap = add(needs.map(({ leastMiB, replicas, overlap }) => (overlap ? leastMiB * replicas : 0))) * MIB;
  const theirs = add(others.map(({ reservedMiB }) => reservedMiB)) * MIB;
  if (own + overlap + theirs <= daemon.memoryBytes) return [];
  const biggest = [...needs].sort((a, b) => b.leastMiB * b.replicas - a.leastMiB * a.replicas)[0];
  const beside = overlap > 0 ? ` and ${size(overlap)} while an update runs old and new side by side` : "";
  return [
    missing(
      "Host",
      "limits.*.memoryReservationMiB",
      `want at most ${size(daemon.memoryBytes)} in all, the memory of Docker's host, got ${size(own + overlap + theirs)}: ` +
        parts(`${size(own)}${beside}`, size(theirs), others),
      `give the host (on macOS: the VM) more memory, or lower reservations, first ` +
        setCommand(`limits.${biggest?.service}.memoryReservationMiB`, "MIB", stack),
    ),
  ];
}

function judgeSums(needs: readonly Need[], others: readonly Usage[], { cpus, memoryBytes }: Daemon): Finding[] {
  const round = (value: number): number => Number(value.toFixed(2));
  const ownCpus = round(add(needs.map((need) => need.cpus * need.replicas)));
  const theirCpus = round(add(others.map((other) => other.cpus)));
  const own = add(needs.map(({ memoryMiB, replicas }) => memoryMiB * replicas)) * MIB;
  const theirs = add(others.map(({ memoryMiB }) => memoryMiB)) * MIB;
  const lower = (key: string, what: string): string => `lower limits.<service>.${key}, or give the host more ${what}`;
  const [allCpus, all] = [round(ownCpus + theirCpus), own + theirs];
  const room = [
    ok("Host", "CPUs", `${cpus}; limits together are ${allCpus}`),
    ok("Host", "memory", `${size(memoryBytes)}; limits together are ${size(all)}`),
  ];
  const slow =
    `all limits together are ${allCpus} CPUs (${parts(String(ownCpus), String(theirCpus), others)}), ` +
    `Docker's host has ${cpus}: under full load all of it slows down`;
  const killed =
    `all limits together are ${size(all)} (${parts(size(own), size(theirs), others)}), ` +
    `Docker's host has ${size(memoryBytes)}: under full load something is killed`;
  return [
    ...room,
    ...(allCpus > cpus ? [note("Host", "limits.*.cpus", slow, lower("cpus", "CPUs"))] : []),
    ...(all > memoryBytes ? [note("Host", "limits.*.memoryMiB", killed, lower("memoryMiB", "memory"))] : []),
  ];
}

/** All that the host says to the limits of a stack, given the stacks that run there beside it. */
export function judgeCapacity(
  needs: readonly Need[],
  others: readonly Usage[],
  daemon: Daemon,
  stack: string,
): Finding[] {
  return [
    ...tooLarge(needs, daemon, stack),
    ...judgeReservations(needs, others, daemon, stack),
    ...judgeSums(needs, others, daemon),
  ];
}

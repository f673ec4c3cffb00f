import { docker } from "./docker";
import { Inspected, label } from "./inspected";
import { inTurns } from "./in-turns";

/** Where a service can be called: each of its ports at each of its addresses. */
export interface Listener {
  readonly service: string;
  readonly addresses: readonly string[];
  readonly ports: readonly number[];
}

/** Which services share a segment, by the segment's name. */
export type Segments = Readonly<Record<string, readonly string[]>>;

/** What one container reaches. */
export interface Reached {
  readonly service: string;
  /** Of the given targets, `address:port` each, those that take a connection. */
  readonly targets: readonly string[];
}

/** Helpers at a time: most of what they do is wait. */
const HELPERS_AT_ONCE = 6;
const LISTENING = "0A";

/** Connects to every target at once, and prints those that take it. It makes do with busybox. */
const PROBE = `
for target; do
  (
    host=\${target%:*} port=\${target##*:}
    if command -v bash >/dev/null; then timeout 2 bash --norc -c ': 3<>"/dev/tcp/$0/$1"' "$host" "$port"
    else nc -w 2 "$host" "$port" -e true; fi 2>/dev/null && echo "$target"
  ) &
done
wait`;

/** The ports of other addresses than loopback on which each container listens. */
export async function listenersOf(containers: readonly Inspected[], image: string): Promise<Listener[]> {
  return inTurns(HELPERS_AT_ONCE, containers, async (container) => {
    const tables = await beside(container, image, "cat /proc/net/tcp /proc/net/tcp6");
    const addresses = Object.values(container.NetworkSettings.Networks).map(({ IPAddress }) => IPAddress);
    return { service: label(container, "service"), addresses, ports: listeningPorts(tables) };
  });
}

/** Tries targets from the network namespace of every container. */
export async function probe(
  containers: readonly Inspected[],
  targetsFor: (container: Inspected) => readonly string[],
  image: string,
): Promise<Reached[]> {
  return inTurns(HELPERS_AT_ONCE, containers, async (container) => {
    const opened = await beside(container, image, PROBE, ...targetsFor(container));
    return { service: label(container, "service"), targets: opened.split("\n").filter(Boolean) };
  });
}

export function targetsOf(listeners: readonly Listener[]): string[] {
  return listeners.flatMap(({ addresses, ports }) =>
    addresses.flatMap((address) => ports.map((port) => `${address}:${port}`)),
  );
}

/** `from → to:port` for everything that was reached, whatever the address. */
export function matrixOf(reached: readonly Reached[], listeners: readonly Listener[]): string[] {
  const lines = reached.flatMap(({ service, targets }) => {
    const others = listeners.filter((listener) => listener.service !== service);
    return others.flatMap(({ service: to, addresses, ports }) =>
      ports
        .filter((port) => addresses.some((address) => targets.includes(`${address}:${port}`)))
        .map((port) => `${service} → ${to}:${port}`),
    );
  });
  return [...new Set(lines)].sort();
}

/** `from → to:port` for everything that may be reached: every port of those on a segment with it. */
export function declaredMatrix(segments: Segments, listeners: readonly Listener[]): string[] {
  const lines = Object.values(segments).flatMap((members) =>
    members.flatMap((from) =>
      listeners
        .filter(({ service }) => service !== from && members.includes(service))
        .flatMap(({ service, ports }) => ports.map((port) => `${from} → ${service}:${port}`)),
    ),
  );
  return [...new Set(lines)].sort();
}

/** Reads /proc/net/tcp and tcp6. */
export function listeningPorts(tables: string): number[] {
  const ports = tables
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .filter(([, , , state]) => state === LISTENING)
    .map(([, local = ""]) => local.split(":") as [string, string])
    .filter(([address]) => !isLoopback(address))
    .map(([, port]) => Number.parseInt(port, 16));
  return [...new Set(ports)].sort((a, b) => a - b);
}

/** Addresses are in words of 4 bytes, the lowest byte first: 127.0.0.1 is 0100007F. */
function isLoopback(address: string): boolean {
  const asIPv4 = /^(?:0{16}FFFF0000|)([0-9A-F]{6})7F$/.test(address);
  return asIPv4 || address === "00000000000000000000000001000000";
}

/** Runs a shell command beside a container, in its network. */
function beside(container: Inspected, image: string, script: string, ...args: string[]): Promise<string> {
  const network = `--network=container:${container.Id}`;
  const hardening = ["--read-only", "--cap-drop=ALL", "--security-opt=no-new-privileges", "--user=65534:65534"];
  return docker("run", "--rm", network, ...hardening, "--entrypoint=sh", image, "-c", script, "sh", ...args);
}

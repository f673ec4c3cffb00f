// Whether the proxies that the edge trusts can be where the settings say: what comes by the host arrives from Docker's gateway.
import type { StackId } from "../backend.mts";
import { isTree, type Tree } from "../merge.mts";
import { lines } from "../run.mts";
import { ask } from "./ask.mts";
import { type Finding, missing, note } from "./finding.mts";

/** A network of the daemon. */
export interface Network extends StackId {
  readonly name: string;
  readonly internal: boolean;
  /** The host's own IPv4 addresses on it. */
  readonly gateways: readonly string[];
}

const PATH = "edge.trustedProxies";
const FORMAT = [
  "{{.Name}}",
  '{{index .Labels "dockwright.project"}}',
  '{{index .Labels "dockwright.stack"}}',
  "{{.Internal}}",
  "{{range .IPAM.Config}}{{.Gateway}} {{end}}",
].join("\t");

/** Parses a line of the format above. */
export function parseNetwork(line: string): Network {
  const [name = "", project = "", stack = "", internal, gateways = ""] = line.split("\t");
  const addresses = gateways.split(" ").filter((address) => /^[\d.]+$/.test(address));
  return { name, project, stack, internal: internal === "true", gateways: addresses };
}

/** Whether a range such as 10.0.0.0/8 has an address. */
export function holds(range: string, address: string): boolean {
  const [base = "", bits = "32"] = range.split("/");
  const shift = 2 ** (32 - Number(bits));
  return Math.floor(numberOf(base) / shift) === Math.floor(numberOf(address) / shift);
}

function numberOf(address: string): number {
  return address.split(".").reduce((sum, octet) => sum * 256 + Number(octet), 0);
}

/** What is wrong with the trusted proxies, as far as the networks say. Those of the stack itself may not be there yet. */
export function judgeProxies(settings: Tree, networks: readonly Network[], own: StackId): Finding[] {
  const edge = isTree(settings["edge"]) ? settings["edge"] : {};
  const trusted = Array.isArray(edge["trustedProxies"]) ? edge["trustedProxies"].map(String) : [];
  const ranges = trusted.filter((proxy) => /^[\d.]+\/\d+$/.test(proxy));
  const bindAddress = typeof edge["bindAddress"] === "string" ? edge["bindAddress"] : "127.0.0.1";
  const isOwn = ({ project, stack }: Network): boolean => project === own.project && stack === own.stack;
  const published = networks.filter((network) => isOwn(network) && !network.internal);
  const gateways = published.flatMap((network) => network.gateways);
  const fix = `./dev pulumi config set --path '${PATH}[0]' host --stack ${own.stack}`;
  if (trusted.includes("host")) {
    if (published.length === 0 || gateways.length > 0) return [];
    const names = published.map(({ name }) => name).join(", ");
    return [missing("Host", PATH, `want a network on which the host has an address, got none on ${names}`)];
  }
  if (bindAddress.startsWith("127.") && ranges.length > 0 && gateways.length > 0) {
    const reached = gateways.some((gateway) => ranges.some((range) => holds(range, gateway)));
    const want = `want host, since on ${bindAddress} every request comes from Docker's gateway ${gateways.join(" or ")}`;
    if (!reached) return [missing("Host", PATH, `${want}, got ${ranges.join(", ")}`, fix)];
  }
  return ranges.flatMap((range) => {
    const gateway = networks.flatMap((network) => network.gateways).find((address) => holds(range, address));
    if (gateway === undefined) return [];
    return [note("Host", PATH, `${range} has Docker's own gateway ${gateway}, from where others come, too`, fix)];
  });
}

/** All networks of the daemon; none where it cannot say. */
export async function networksOf(): Promise<Network[]> {
  const ids = lines((await ask("docker", ["network", "ls", "--quiet"])).stdout);
  if (ids.length === 0) return [];
  return lines((await ask("docker", ["network", "inspect", "--format", FORMAT, ...ids])).stdout).map(parseNetwork);
}

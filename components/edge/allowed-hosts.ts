import { EdgeSettings } from "./edge-settings";

const LOOPBACK_HOSTS = ["127.0.0.1", "localhost", "[::1]"];

const DEFAULT_PORTS: Readonly<Record<string, string>> = { "http:": "80", "https:": "443" };

/** A host as the settings and requests name it: `www.example.com`, with a port or without. */
const HOST = /^(?<name>\[[^\]]+\]|[^:]+)(?::(?<port>\d+))?$/;

/**
 * The hosts that users may ask for, as services are told of them: lower case, without the port that the scheme implies.
 * An entry without a port has that of the public URL. What leads to this machine has several names. Addresses are spelled
 * as browsers do.
 */
export function allowedHosts({ publicUrl, allowedHosts: others }: EdgeSettings): string[] {
  const { host, hostname, port, protocol } = new URL(publicUrl);
  const own = LOOPBACK_HOSTS.includes(hostname) ? LOOPBACK_HOSTS : [host];
  const hosts = [...own, ...others].map((entry) => {
    const { name: asSet = "", port: itsPort = port } = HOST.exec(entry)?.groups ?? {};
    const name = new URL(`http://${asSet}`).hostname;
    return itsPort === "" || itsPort === DEFAULT_PORTS[protocol] ? name : `${name}:${itsPort}`;
  });
  return [...new Set(hosts)];
}

/**
 * `$edge_host`: the host that was asked for, in our own spelling of it, or nothing where it is none of the allowed ones.
 * `$passed_host`: what services are told; calls between them name whom they please. Wants `$told_host`.
 */
export function hostVariables(edge: EdgeSettings, publicPort: number): string {
  const { protocol } = new URL(edge.publicUrl);
  const keys = allowedHosts(edge).flatMap((host) => {
    return spellings(host, DEFAULT_PORTS[protocol] ?? "").map((spelling) => `  "${spelling}" "${host}";\n`);
  });
  return `map $told_host $edge_host {
  default "";
${keys.join("")}}
map $server_port $passed_host {
  default $http_host;
  ${publicPort} $edge_host;
}
map $http_host $loopback_host {
  default 0;
  "~*^(127\\.0\\.0\\.1|localhost|\\[::1\\])(:\\d+)?$" 1;
}
`;
}

/** A name may end in the dot of the root, and the port that the scheme implies may be said. nginx ignores case itself. */
function spellings(host: string, impliedPort: string): string[] {
  const { name = "", port } = HOST.exec(host)?.groups ?? {};
  const names = /^\[|^[\d.]+$/.test(name) ? [name] : [name, `${name}.`];
  return names.flatMap((each) => (port === undefined ? [each, `${each}:${impliedPort}`] : [`${each}:${port}`]));
}

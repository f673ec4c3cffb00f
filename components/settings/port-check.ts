import { z } from "zod";

import { Check } from "./checks";
import { edgeFragment } from "./edge-fragment";

/** What {@link portsDiffer} looks at. */
export interface PortSettings {
  /** Nginx's own ports. */
  readonly edge: Pick<z.output<ReturnType<typeof edgeFragment>>, "httpPort" | "httpsPort">;
  /** Those of single services. @default none */
  readonly hostPorts?: Readonly<Record<string, number | undefined>> | undefined;
}

/** The rule that no two services of a stack are published on the same port of the host. */
export function portsDiffer(): Check<PortSettings> {
  return {
    name: "ports differ",
    reads: ["edge.httpPort", "edge.httpsPort", "hostPorts"],
    violations: (settings) => {
      const ports = publishedPorts(settings);
      return ports.flatMap(({ path, port }, index) => {
        const first = ports.slice(0, index).find((other) => other.port === port);
        const want = `a port of its own, other than ${first?.path}`;
        return first ? [{ path, want, fix: `pulumi config set --path '${path}' PORT` }] : [];
      });
    },
  };
}

function publishedPorts({ edge, hostPorts = {} }: PortSettings): { path: string; port: number }[] {
  const all: Record<string, number | undefined> = {
    "edge.httpPort": edge.httpPort,
    "edge.httpsPort": edge.httpsPort,
    ...Object.fromEntries(Object.entries(hostPorts).map(([service, port]) => [`hostPorts.${service}`, port])),
  };
  return Object.entries(all).flatMap(([path, port]) => (port === undefined ? [] : [{ path, port }]));
}

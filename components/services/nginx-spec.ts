import * as pulumi from "@pulumi/pulumi";

import { HEALTH_PATH, PUBLIC_PORT, renderBootConfig, STATUS_PORT, TLS_PORT } from "../edge/nginx-config";
import { Route } from "../edge/route";
import { httpCheck } from "../platform/http-check";
import { scriptText } from "../platform/script";
import { PublishedPort, ServiceSpec } from "../platform/service-spec";
import { Problem } from "../settings/problems";
import { CONFIG_PATH } from "./backing-service";
import { IMAGE_FACTS } from "./image-facts";
import type { NginxArgs } from "./nginx";

/** What of them shapes the container. */
export type NginxSpecArgs = Pick<
  NginxArgs,
  "image" | "variant" | "limit" | "runtime" | "publicSegment" | "callsSegment" | "stableNames" | "edge" | "hostPorts"
>;

/** Ports inside the container from here on lead to one service each, whatever the path. */
const FIRST_OWN_PORT = 10100;

/** The port inside the container, published on the host, that leads to a service; nothing where it has none. */
export function ownPort(service: string, hostPorts: NginxSpecArgs["hostPorts"] = {}): number | undefined {
  if (hostPorts[service] === undefined) return undefined;
  return FIRST_OWN_PORT + Object.keys(hostPorts).sort().indexOf(service);
}

/** All that is wrong with the ports of services. */
export function hostPortProblems({ hostPorts = {}, stableNames }: NginxSpecArgs): Problem[] {
  return Object.keys(hostPorts)
    .filter((service) => !stableNames.includes(service))
    .map((service) => ({
      path: `hostPorts.${service}`,
      want: `a service that nginx stands in front of: ${stableNames.join(", ") || "there is none in stableNames"}`,
      got: `"${service}"`,
    }));
}

/** All that is wrong with the port of a service: on one of nginx' own, asking by its name would pass by all paths. */
export function routeProblems(
  { service, port }: Pick<Route, "service" | "port">,
  hostPorts: NginxSpecArgs["hostPorts"] = {},
): Problem[] {
  const own = Object.keys(hostPorts).map((each) => ownPort(each, hostPorts));
  if (![PUBLIC_PORT, TLS_PORT, STATUS_PORT, ...own].includes(port)) return [];
  return [{ path: `${service}.port`, want: "another port than those of nginx itself", got: String(port) }];
}

/** The spec of the edge. */
export function nginxSpec(
  name: string,
  args: NginxSpecArgs,
  store: pulumi.Input<string>,
  files: pulumi.Input<string>,
): ServiceSpec {
  const { user, dataPath } = IMAGE_FACTS.nginx[args.variant ?? "debian"];
  return {
    service: name,
    image: args.image,
    user,
    entrypoint: ["sh", `${CONFIG_PATH}/start.sh`],
    environment: { NGINX_STATUS_PORT: String(STATUS_PORT) },
    mounts: [
      { volume: store, path: dataPath, readOnly: false },
      { volume: files, path: CONFIG_PATH, readOnly: true },
    ],
    tmpfs: [{ path: "/tmp", sizeMiB: 64 }],
    networks: [{ segment: args.callsSegment, aliases: [...args.stableNames] }, { segment: args.publicSegment }],
    ports: publishedPorts(args),
    limit: args.limit,
    health: {
      command: httpCheck(PUBLIC_PORT, HEALTH_PATH),
      intervalSeconds: args.runtime.healthIntervalSeconds,
      startPeriodSeconds: 10,
    },
    // Requests have this long; WebSockets would keep it up for an hour.
    stop: { signal: "SIGQUIT", graceSeconds: 30 },
    restart: args.runtime.restart,
    update: "stop-first",
  };
}

function publishedPorts({
  edge: { httpPort, httpsPort, bindAddress },
  hostPorts = {},
}: NginxSpecArgs): PublishedPort[] {
  const own = Object.entries(hostPorts).flatMap(([service, hostPort]) => {
    const containerPort = ownPort(service, hostPorts);
    return hostPort === undefined || containerPort === undefined ? [] : [{ containerPort, hostPort }];
  });
  return [
    { containerPort: PUBLIC_PORT, hostPort: httpPort, bindAddress },
    ...(httpsPort === undefined ? [] : [{ containerPort: TLS_PORT, hostPort: httpsPort, bindAddress }]),
    ...own.map((ports) => ({ ...ports, bindAddress: "127.0.0.1" })),
  ];
}

/** Files under {@link CONFIG_PATH}. */
export function nginxFiles(): Record<string, string> {
  return { "start.sh": scriptText(__dirname, "nginx-start.sh"), "boot.conf": renderBootConfig() };
}

import { CheckName, Finding } from "./container-checks";
import { Inspected, label, publishedPorts } from "./inspected";

/** A finding that stays, and why. */
interface Allowance {
  readonly check: CheckName;
  readonly of: (container: Inspected) => boolean;
  readonly reason: string;
}

const isService = (container: Inspected) => label(container, "role") === "service";
const isHelper = (container: Inspected) => label(container, "role") === "files" && !container.State.Running;
const isNginx = (container: Inspected) => isService(container) && label(container, "service") === "nginx";
const isDevelopment = (container: Inspected) => label(container, "stack") === "dev";
const isDevelopmentStore = (container: Inspected) =>
  isDevelopment(container) &&
  ["postgres", "nats"].includes(label(container, "service")) &&
  publishedPorts(container).every(({ HostIp }) => HostIp === "127.0.0.1");
const readsSource = (container: Inspected) =>
  isDevelopment(container) &&
  container.Mounts.filter(({ Type }) => Type === "bind").every(
    ({ Destination, RW }) => Destination.startsWith("/app/") && !RW,
  );

/** Every exception to the checks, in one place. */
const ALLOWED: readonly Allowance[] = [
  {
    check: "restart-policy",
    of: isService,
    reason: "a service is wanted until it is taken away; Docker doubles its delay, and a failed gate sets it to no",
  },
  {
    check: "published-port",
    of: isNginx,
    reason: "the one way in",
  },
  {
    check: "privileged-port",
    of: (container) => isNginx(container) && publishedPorts(container).every((port) => port.containerPort > 1023),
    reason: "the public serves on 80 and 443 of the host; inside the port is a high one",
  },
  {
    check: "bind-address",
    of: (container) => isNginx(container) && label(container, "stack") === "prod",
    reason: "the public comes by every address of the host",
  },
  {
    check: "published-port",
    of: isDevelopmentStore,
    reason: "a developer looks into stores with tools of the host, by loopback only",
  },
  {
    check: "host-mount",
    of: readsSource,
    reason: "a saved source file is served at once in development; the mount is read-only",
  },
  {
    check: "health",
    of: (container) => label(container, "role") === "job",
    reason: "a job ends, and its exit code counts",
  },
  ...(["health", "user", "read-only-root", "pids", "ulimits"] as const).map((check) => ({
    check,
    of: isHelper,
    reason: "a helper is never started: files are put through it onto a volume",
  })),
];

/** Findings that no exception covers. */
export function unexcused(findings: readonly Finding[], containers: readonly Inspected[]): Finding[] {
  const byName = new Map(containers.map((container) => [container.Name.replace(/^\//, ""), container]));
  return findings.filter(({ check, container: name }) => {
    const container = byName.get(name);
    return !container || !ALLOWED.some((allowance) => allowance.check === check && allowance.of(container));
  });
}

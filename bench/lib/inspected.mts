// What a Dockwright stack runs, as Docker tells it: the Compose file is made from this, so that both run the same.
import { capture, lines, output } from "../../scripts/lib/run.mts";

/** The parts of `docker inspect` that a Compose file repeats. */
export interface Inspected {
  readonly Id: string;
  readonly Image: string;
  readonly Config: {
    readonly User: string;
    readonly Env: readonly string[];
    readonly Entrypoint: readonly string[] | null;
    readonly Cmd: readonly string[] | null;
    readonly Labels: Readonly<Record<string, string>>;
    readonly Healthcheck?: {
      readonly Test: readonly string[];
      readonly Interval?: number;
      readonly Timeout?: number;
      readonly Retries?: number;
      readonly StartPeriod?: number;
      readonly StartInterval?: number;
    };
    readonly StopSignal?: string;
    readonly StopTimeout?: number;
  };
  readonly HostConfig: {
    readonly NanoCpus: number;
    readonly Memory: number;
    readonly MemorySwap: number;
    readonly ShmSize: number;
    readonly ReadonlyRootfs: boolean;
    readonly CapDrop: readonly string[] | null;
    readonly SecurityOpt: readonly string[] | null;
    readonly Tmpfs?: Readonly<Record<string, string>>;
    readonly LogConfig: { readonly Type: string; readonly Config: Readonly<Record<string, string>> };
    readonly RestartPolicy: { readonly Name: string };
    readonly PortBindings: Readonly<Record<string, readonly { HostIp: string; HostPort: string }[] | null>> | null;
  };
  readonly Mounts: readonly { readonly Name?: string; readonly Destination: string; readonly RW: boolean }[];
  readonly NetworkSettings: { readonly Networks: Readonly<Record<string, unknown>> };
}

/** Services and jobs of a project, by name. */
export function inspectProject(project: string): Map<string, Inspected> {
  const ids = ["service", "job"].flatMap((role) => {
    const filters = [`label=dockwright.project=${project}`, `label=dockwright.role=${role}`];
    return lines(output("docker", ["ps", "-aq", ...filters.flatMap((filter) => ["--filter", filter])]));
  });
  const found = ids.length > 0 ? (JSON.parse(output("docker", ["inspect", ...ids])) as Inspected[]) : [];
  const named = found.map((container) => [container.Config.Labels["dockwright.service"] ?? "", container] as const);
  return new Map(named.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Names of the networks of a project, and the segments they are. */
export function internalNetworks(project: string): Map<string, boolean> {
  const filter = `label=dockwright.project=${project}`;
  const names = lines(output("docker", ["network", "ls", "--filter", filter, "--format", "{{.Name}}"]));
  return new Map(
    names.map((name) => {
      const internal = output("docker", ["network", "inspect", "--format", "{{.Internal}}", name]).trim();
      return [name, internal === "true"] as const;
    }),
  );
}

/** The variables that an image sets itself. */
export function imageEnvironment(image: string): string[] {
  return lines(output("docker", ["image", "inspect", "--format", '{{join .Config.Env "\\n"}}', image]));
}

/** The files of a folder of a running container, by name. */
export function filesOf(container: string, folder: string): Record<string, string> {
  const read = (...command: string[]): string => {
    const { status, stdout, stderr } = capture("docker", ["exec", container, ...command]);
    if (status !== 0) throw new Error(`${folder} of ${container}: ${stderr.trim()}`);
    return stdout;
  };
  return Object.fromEntries(lines(read("ls", folder)).map((name) => [name, read("cat", `${folder}/${name}`)]));
}

/** The image that a service runs. */
export function imageOf(project: string, service: string): string {
  const image = inspectProject(project).get(service)?.Image;
  if (image === undefined) throw new Error(`${project} has no service ${service}`);
  return image;
}

/** Whether Docker has not yet called every service of a project healthy. */
export function hasUnhealthy(project: string): boolean {
  const filters = [`label=dockwright.project=${project}`, "label=dockwright.role=service"];
  return ["starting", "unhealthy"].some((health) => {
    const all = [...filters, `health=${health}`].flatMap((filter) => ["--filter", filter]);
    return output("docker", ["ps", "-q", ...all]).trim() !== "";
  });
}

import { succeed } from "./run";

/** The parts of `docker inspect` that tests look at. */
export interface ContainerInfo {
  readonly Id: string;
  readonly Name: string;
  readonly RestartCount: number;
  readonly State: {
    readonly Status: string;
    readonly ExitCode: number;
    readonly Pid: number;
    readonly Health?: { readonly Status: string };
  };
  readonly Config: { readonly Labels: Record<string, string>; readonly Env: string[]; readonly Image: string };
  readonly NetworkSettings: { readonly Networks: Readonly<Record<string, unknown>> };
}

const lines = (text: string) => text.split("\n").filter(Boolean);

export const docker = (...args: string[]) => succeed("docker", args);

/** All containers of a project, optionally of one role. */
export async function containers(project: string, role?: string): Promise<ContainerInfo[]> {
  const filters = [`label=dockwright.project=${project}`, ...(role ? [`label=dockwright.role=${role}`] : [])];
  const ids = lines(await docker("ps", "-aq", "--no-trunc", ...filters.flatMap((filter) => ["--filter", filter])));
  return ids.length === 0 ? [] : (JSON.parse(await docker("inspect", ...ids)) as ContainerInfo[]);
}

/** The container of one service, in a project with one stack or in one of several. */
export async function serviceContainer(project: string, service: string, stack?: string): Promise<ContainerInfo> {
  const found = (await containers(project, "service")).filter(
    ({ Config: { Labels } }) =>
      Labels["dockwright.service"] === service && (stack === undefined || Labels["dockwright.stack"] === stack),
  );
  if (found.length !== 1) throw new Error(`want one container of ${service}, got ${found.length}`);
  return found[0] as ContainerInfo;
}

/** Health by service name. */
export async function health(project: string): Promise<Record<string, string>> {
  const services = await containers(project, "service");
  return Object.fromEntries(
    services.map(({ Config, State }) => [Config.Labels["dockwright.service"], State.Health?.Status ?? "none"]),
  );
}

/** Names of everything in Docker that carries the label of a project, or of one of its stacks. */
export async function leftovers(project: string, stack?: string): Promise<string[]> {
  const labels = [`project=${project}`, ...(stack === undefined ? [] : [`stack=${stack}`])];
  const filter = labels.flatMap((label) => ["--filter", `label=dockwright.${label}`]);
  const all = await Promise.all([
    docker("ps", "-aq", ...filter),
    docker("network", "ls", "-q", ...filter),
    docker("volume", "ls", "-q", ...filter),
  ]);
  return all.flatMap(lines);
}

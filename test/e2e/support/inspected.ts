/** What the checks look at in `docker inspect` of a container. */
export interface Inspected {
  readonly Id: string;
  readonly Name: string;
  readonly Path: string;
  readonly Args: readonly string[];
  readonly AppArmorProfile: string;
  readonly ProcessLabel: string;
  readonly State: {
    readonly Running: boolean;
    readonly Pid: number;
    readonly ExitCode: number;
    readonly Health?: { readonly Status: string };
  };
  readonly Config: {
    readonly Image: string;
    readonly User: string;
    readonly Labels: Readonly<Record<string, string>>;
    readonly Healthcheck?: { readonly Test: readonly string[] };
  };
  readonly HostConfig: HostConfig;
  readonly Mounts: readonly MountPoint[];
  readonly NetworkSettings: {
    /** By container port, such as `8000/tcp`; null where it is only exposed. */
    readonly Ports: Readonly<Record<string, readonly PortBinding[] | null>>;
    readonly Networks: Readonly<Record<string, Endpoint>>;
  };
}

interface HostConfig {
  readonly CapAdd: readonly string[] | null;
  readonly CapDrop: readonly string[] | null;
  readonly CgroupParent: string;
  readonly CpuQuota: number;
  readonly CpuShares: number;
  readonly DeviceCgroupRules: readonly string[] | null;
  readonly DeviceRequests: readonly unknown[] | null;
  readonly Devices: readonly unknown[] | null;
  readonly IpcMode: string;
  readonly Memory: number;
  readonly MemorySwap: number;
  readonly NanoCpus: number;
  readonly NetworkMode: string;
  readonly PidMode: string;
  readonly PidsLimit: number | null;
  readonly Privileged: boolean;
  readonly ReadonlyRootfs: boolean;
  readonly RestartPolicy: { readonly Name: string; readonly MaximumRetryCount: number };
  readonly SecurityOpt: readonly string[] | null;
  readonly Ulimits: readonly { readonly Name: string; readonly Hard: number; readonly Soft: number }[] | null;
  readonly UTSMode: string;
  readonly UsernsMode: string;
}

interface MountPoint {
  readonly Type: string;
  readonly Source: string;
  readonly Destination: string;
  readonly RW: boolean;
  readonly Propagation: string;
}

export interface PortBinding {
  readonly HostIp: string;
  readonly HostPort: string;
}

interface Endpoint {
  readonly NetworkID: string;
  readonly IPAddress: string;
  readonly Gateway: string;
}

/** A published port of a container. */
export interface Published extends PortBinding {
  readonly containerPort: number;
}

export function publishedPorts({ NetworkSettings }: Inspected): Published[] {
  return Object.entries(NetworkSettings.Ports).flatMap(([key, bindings]) =>
    (bindings ?? []).map((binding) => ({ ...binding, containerPort: Number.parseInt(key, 10) })),
  );
}

/** Value of a `dockwright.` label. */
export function label({ Config }: Inspected, name: "project" | "stack" | "service" | "role"): string {
  return Config.Labels[`dockwright.${name}`] ?? "";
}

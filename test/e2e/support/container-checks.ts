import { Inspected, publishedPorts } from "./inspected";

/** What a check has against a container. */
export interface Finding {
  readonly check: CheckName;
  readonly container: string;
  readonly text: string;
}

/** What the daemon's kernel offers, as `docker info` tells. */
export interface Offered {
  readonly appArmor: boolean;
  readonly seLinux: boolean;
}

/** What is wrong with a container, in words; empty where nothing is. */
type Check = (container: Inspected, offered: Offered) => readonly string[];

const HIGHEST_PRIVILEGED_PORT = 1023;
const MOST_RESTARTS = 5;
const MOST_OPEN_FILES = 65_536;

/** Folders of the host through which a container reaches all of it. */
const SENSITIVE = [
  ...["/boot", "/dev", "/etc", "/lib", "/lib64", "/proc", "/root", "/run", "/sys", "/usr"],
  ...["/var/lib/docker", "/var/run"],
];

/**
 * Our own checks after section 5 ("Container Runtime") of the CIS Docker Benchmark, which docker-bench-security
 * follows, too. Left out is what `docker inspect` cannot tell of a container: swarm mode, rights of `docker exec`, and
 * whether an image is the newest.
 */
export const CHECKS = {
  apparmor: ({ AppArmorProfile: profile, HostConfig }, { appArmor }) => [
    ...when(appArmor && ["", "unconfined"].includes(profile), "no AppArmor profile confines it"),
    ...when(hasOption(HostConfig.SecurityOpt, /^apparmor[:=]unconfined$/), "AppArmor is turned off for it"),
  ],
  selinux: ({ ProcessLabel, HostConfig }, { seLinux }) => [
    ...when(seLinux && ProcessLabel === "", "it has no SELinux label"),
    ...when(hasOption(HostConfig.SecurityOpt, /^label[:=]disable$/), "SELinux is turned off for it"),
  ],
  seccomp: ({ HostConfig }) =>
    when(hasOption(HostConfig.SecurityOpt, /^seccomp[:=]unconfined$/), "no seccomp profile filters its system calls"),
  "no-new-privileges": ({ HostConfig }) =>
    when(
      !hasOption(HostConfig.SecurityOpt, /^no-new-privileges([:=]true)?$/),
      "it may gain privileges by a setuid program",
    ),
  capabilities: ({ HostConfig: { CapAdd, CapDrop } }) => [
    ...when(!(CapDrop ?? []).includes("ALL"), "it keeps capabilities"),
    ...(CapAdd ?? []).map((name) => `it is given the capability ${name}`),
  ],
  privileged: ({ HostConfig }) => when(HostConfig.Privileged, "it is privileged"),
  user: ({ Config }) => when(!/^[1-9]\d*(:[1-9]\d*)?$/.test(Config.User), `it runs as "${Config.User}"`),
  "read-only-root": ({ HostConfig }) => when(!HostConfig.ReadonlyRootfs, "its root filesystem can be written"),

  "sensitive-mount": ({ Mounts }) =>
    Mounts.filter(({ Type, Source }) => Type === "bind" && isSensitive(Source)).map(
      ({ Source }) => `${Source} of the host is mounted`,
    ),
  "host-mount": ({ Mounts }) =>
    Mounts.filter(({ Type }) => Type === "bind").map(
      ({ Source, Destination }) => `${Source} of the host is mounted at ${Destination}`,
    ),
  "docker-socket": ({ Mounts }) =>
    when(
      Mounts.some(({ Source, Destination }) => /docker\.sock$/.test(Source) || /docker\.sock$/.test(Destination)),
      "Docker's socket is mounted",
    ),
  "mount-propagation": ({ Mounts }) =>
    Mounts.filter(({ Propagation }) => /shared/.test(Propagation)).map(
      ({ Destination, Propagation }) => `mounts under ${Destination} propagate: ${Propagation}`,
    ),
  devices: ({ HostConfig: { Devices, DeviceCgroupRules, DeviceRequests } }) =>
    when(
      [Devices, DeviceCgroupRules, DeviceRequests].some((list) => (list ?? []).length > 0),
      "it is given devices",
    ),

  ssh: (container) =>
    when(
      [container.Path, ...container.Args].some((word) => /(^|[\s/])sshd\b/.test(word)) ||
        Object.keys(container.NetworkSettings.Ports).includes("22/tcp"),
      "it serves SSH",
    ),
  "published-port": (container) =>
    publishedPorts(container).map(
      ({ HostIp, HostPort, containerPort }) => `its port ${containerPort} is published at ${HostIp}:${HostPort}`,
    ),
  "privileged-port": (container) =>
    publishedPorts(container)
      .filter((port) => Math.min(Number(port.HostPort), port.containerPort) <= HIGHEST_PRIVILEGED_PORT)
      .map(({ HostPort, containerPort }) => `its port ${containerPort}, ${HostPort} on the host, is a privileged one`),
  "bind-address": (container) =>
    publishedPorts(container)
      .filter(({ HostIp }) => ["", "0.0.0.0", "::"].includes(HostIp))
      .map(({ HostPort }) => `its port ${HostPort} is bound to every address of the host`),
  "default-bridge": ({ NetworkSettings }) =>
    when("bridge" in NetworkSettings.Networks, "it is on the default bridge, with containers of others"),
  "host-network": ({ HostConfig }) => sharesNamespace(HostConfig.NetworkMode, "network"),
  "host-pid": ({ HostConfig }) => sharesNamespace(HostConfig.PidMode, "process"),
  "host-ipc": ({ HostConfig }) => [
    ...sharesNamespace(HostConfig.IpcMode, "IPC"),
    ...when(HostConfig.IpcMode === "shareable", "others may join its IPC namespace"),
  ],
  "host-uts": ({ HostConfig }) => sharesNamespace(HostConfig.UTSMode, "UTS"),
  "host-user-namespace": ({ HostConfig }) => sharesNamespace(HostConfig.UsernsMode, "user"),

  memory: ({ HostConfig }) => when(!(HostConfig.Memory > 0), "its memory has no limit"),
  swap: ({ HostConfig: { Memory, MemorySwap } }) => when(MemorySwap !== Memory, "it may swap beyond its memory limit"),
  cpu: ({ HostConfig: { CpuQuota, CpuShares, NanoCpus } }) =>
    when(!(NanoCpus > 0 || CpuQuota > 0 || CpuShares > 0), "its CPU time has no limit"),
  pids: ({ HostConfig }) => when(!((HostConfig.PidsLimit ?? 0) > 0), "its processes have no limit"),
  ulimits: ({ HostConfig: { Ulimits } }) => {
    const hard = Object.fromEntries((Ulimits ?? []).map(({ Name, Hard }) => [Name, Hard]));
    return [
      ...when(hard.core !== 0, "it may leave core dumps, which hold secrets"),
      ...when(!within(hard.nofile, MOST_OPEN_FILES), `it may open more than ${MOST_OPEN_FILES} files`),
    ];
  },
  "cgroup-parent": ({ HostConfig: { CgroupParent } }) =>
    when(CgroupParent !== "", `it is in the control group ${CgroupParent}`),
  "restart-policy": ({ HostConfig: { RestartPolicy: policy } }) =>
    when(
      policy.Name !== "no" && !(policy.Name === "on-failure" && within(policy.MaximumRetryCount, MOST_RESTARTS)),
      `it restarts without end: ${policy.Name}`,
    ),
  health: ({ Config }) =>
    when(["", "NONE"].includes(Config.Healthcheck?.Test[0] ?? ""), "Docker does not check its health"),
  image: ({ Config }) =>
    when(!/(^|.@)sha256:[0-9a-f]{64}$/.test(Config.Image), `its image is not a digest: ${Config.Image}`),
} satisfies Record<string, Check>;

export type CheckName = keyof typeof CHECKS;

/** All that the checks have against containers. */
export function check(containers: readonly Inspected[], offered: Offered): Finding[] {
  const checks = Object.entries(CHECKS) as [CheckName, Check][];
  return containers.flatMap((container) =>
    checks.flatMap(([name, texts]) =>
      texts(container, offered).map((text) => ({ check: name, container: container.Name.replace(/^\//, ""), text })),
    ),
  );
}

function when(condition: boolean, text: string): readonly string[] {
  return condition ? [text] : [];
}

function within(value: number | undefined, most: number): boolean {
  return value !== undefined && value > 0 && value <= most;
}

function hasOption(options: readonly string[] | null, pattern: RegExp): boolean {
  return (options ?? []).some((option) => pattern.test(option));
}

function sharesNamespace(mode: string, kind: string): readonly string[] {
  return when(/^(host$|container:)/.test(mode), `it shares the ${kind} namespace: ${mode}`);
}

function isSensitive(source: string): boolean {
  return source === "/" || SENSITIVE.some((folder) => source === folder || source.startsWith(`${folder}/`));
}

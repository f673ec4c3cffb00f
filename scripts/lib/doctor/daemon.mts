// What the Docker daemon says of itself and of its host, and whether that is enough.
import type { Result } from "../run.mts";
import { ask, lastLine, PATIENCE_MS } from "./ask.mts";
import { type Finding, missing, note, ok } from "./finding.mts";

/** Of the 20.10 engines; older ones lack what the provider and the gates ask for. */
export const LEAST_API = "1.41";
/** Engine 25: health checks may run more often while a container starts. */
const START_INTERVAL_API = "1.44";

export interface Daemon {
  /** By which a stack knows the daemon again. */
  readonly id: string;
  readonly version: string;
  readonly apiVersion: string;
  /** `linux`, or `windows` where that is what its containers are. */
  readonly os: string;
  /** As images name it: amd64, arm64. */
  readonly architecture: string;
  readonly cpus: number;
  readonly memoryBytes: number;
  readonly name: string;
  readonly kernel: string;
  readonly system: string;
  readonly rootDir: string;
  /** Images lie with containerd rather than in the root folder. */
  readonly containerdStore: boolean;
  readonly storageDriver: string;
  readonly logDriver: string;
  readonly cgroupVersion: string;
  readonly rootless: boolean;
  readonly liveRestore: boolean;
  readonly buildx: boolean;
  readonly supports: {
    readonly memory: boolean;
    readonly swap: boolean;
    readonly cpus: boolean;
    readonly pids: boolean;
  };
}

type Json = Record<string, unknown>;

const text = (value: unknown): string => (typeof value === "string" ? value : "");
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const map = (value: unknown): Json => (typeof value === "object" && value !== null ? (value as Json) : {});

/** Reads `docker info` and `docker version`, each as JSON. */
export function parseDaemon(infoText: string, versionText: string): Daemon {
  const info = map(JSON.parse(infoText));
  const server = map(map(JSON.parse(versionText))["Server"]);
  const plugins = list(map(info["ClientInfo"])["Plugins"]).map((plugin) => text(map(plugin)["Name"]));
  return {
    id: text(info["ID"]),
    version: text(server["Version"]),
    apiVersion: text(server["ApiVersion"]),
    os: text(info["OSType"]),
    architecture: text(server["Arch"]),
    cpus: Number(info["NCPU"] ?? 0),
    memoryBytes: Number(info["MemTotal"] ?? 0),
    name: text(info["Name"]),
    kernel: text(info["KernelVersion"]),
    system: text(info["OperatingSystem"]),
    rootDir: text(info["DockerRootDir"]),
    containerdStore: JSON.stringify(info["DriverStatus"] ?? "").includes("io.containerd.snapshotter"),
    storageDriver: text(info["Driver"]),
    logDriver: text(info["LoggingDriver"]),
    cgroupVersion: text(info["CgroupVersion"]) || "1",
    rootless: list(info["SecurityOptions"]).some((option) => text(option).startsWith("name=rootless")),
    liveRestore: info["LiveRestoreEnabled"] === true,
    buildx: plugins.includes("buildx"),
    supports: {
      memory: info["MemoryLimit"] === true,
      swap: info["SwapLimit"] === true,
      cpus: info["CpuCfsQuota"] === true,
      pids: info["PidsLimit"] === true,
    },
  };
}

export const NO_COMMAND = "there is no docker command";

/** Asks the daemon that DOCKER_HOST names; a complaint where it does not answer. */
export async function askDaemon(ms = PATIENCE_MS): Promise<Daemon | string> {
  const json = ["--format", "{{json .}}"];
  const [info, version] = (await Promise.all(
    ["info", "version"].map((command) => ask("docker", [command, ...json], ms)),
  )) as [Result, Result];
  const failed = [version, info].find(({ status }) => status !== 0);
  if (failed?.status === 127) return NO_COMMAND;
  if (failed) return lastLine(failed.stderr) || lastLine(failed.stdout) || `exit code ${failed.status}`;
  try {
    return parseDaemon(info.stdout, version.stdout);
  } catch {
    return `it does not answer like Docker: ${lastLine(info.stdout).slice(0, 80)}`;
  }
}

/** Whether an API version such as 1.9 or 1.41 is at least another. */
export function atLeast(version: string, least: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [leastMajor = 0, leastMinor = 0] = least.split(".").map(Number);
  return major > leastMajor || (major === leastMajor && minor >= leastMinor);
}

/** Limits that Docker leaves out without an error where the kernel lacks them: what follows, and what helps. */
const UNSUPPORTED = {
  memory: {
    text: "memory limits are not supported by its kernel: containers run without",
    fix: "boot it with cgroup_enable=memory",
  },
  swap: {
    text: "swap limits are not supported by its kernel: containers may swap",
    fix: "boot it with swapaccount=1, or with cgroup v2",
  },
  pids: {
    text: "process limits are not supported by its kernel: containers run without",
    fix: "boot one with the pids cgroup",
  },
};

/** What `up` needs of any daemon. */
export function judgeDaemon(daemon: Daemon): Finding[] {
  const { apiVersion, os, supports, version } = daemon;
  const api = atLeast(apiVersion, LEAST_API)
    ? ok("Docker", "API", apiVersion)
    : missing(
        "Docker",
        "docker.API",
        `want version ${LEAST_API} or newer, got ${apiVersion} (Engine ${version})`,
        "upgrade Docker to Engine 20.10 or newer: https://docs.docker.com/engine/install",
      );
  const system =
    os === "linux"
      ? ok("Docker", "containers", `${os}/${daemon.architecture}`)
      : missing("Docker", "docker.OSType", `want linux containers, got ${os}`, "switch Docker to Linux containers");
  const cpus = supports.cpus
    ? []
    : [
        missing(
          "Docker",
          "docker.CpuCfsQuota",
          "want a kernel that limits CPUs, got one that does not: every container with limits.*.cpus would be refused",
          daemon.rootless
            ? "rootless Docker needs cgroup v2 with the cpu controller delegated: https://docs.docker.com/engine/security/rootless"
            : "boot a kernel with CONFIG_CFS_BANDWIDTH, or mount the cpu cgroup",
        ),
      ];
  const kinds = ["memory", "swap", "pids"] as const;
  const weak = kinds
    .filter((kind) => !supports[kind])
    .map((kind) => note("Docker", `${kind} limits`, UNSUPPORTED[kind].text, UNSUPPORTED[kind].fix));
  return [api, system, ...cpus, ...weak];
}

/** The rest of what is worth knowing, for the doctor. */
export function describeDaemon(daemon: Daemon): Finding[] {
  const mode = daemon.rootless ? ", rootless" : "";
  const limits = Object.values(daemon.supports).every(Boolean);
  return [
    ok("Docker", "daemon", `${daemon.version} on ${daemon.system}${mode}`),
    ok("Docker", "storage", `${daemon.storageDriver}, logs to ${daemon.logDriver}, cgroup v${daemon.cgroupVersion}`),
    ...(limits ? [ok("Docker", "limits", "memory, swap, CPUs and processes")] : []),
    daemon.buildx ? ok("Docker", "buildx", "there") : note("Docker", "buildx", "not there, the classic builder does"),
    daemon.liveRestore
      ? ok("Docker", "live-restore", "on")
      : note("Docker", "live-restore", "off: a restart of the daemon stops the containers, and starts them again"),
    atLeast(daemon.apiVersion, START_INTERVAL_API)
      ? ok("Docker", "start_interval", `supported; used where docker.apiVersion is ${START_INTERVAL_API} or more`)
      : note("Docker", "start_interval", `not supported (from API ${START_INTERVAL_API} on): starts are noticed later`),
  ];
}

// One container as a service of a Compose file: image, environment, health, limits and hardening as they run.
import type { Inspected } from "./inspected.mts";

export interface ComposeService {
  image: string;
  user?: string;
  entrypoint?: readonly string[];
  command?: readonly string[];
  environment?: Record<string, string>;
  healthcheck?: Record<string, unknown>;
  depends_on?: Record<string, { condition: string }>;
  networks?: Record<string, null>;
  secrets?: { source: string; target: string }[];
  volumes?: string[];
  [key: string]: unknown;
}

const SECRETS_PATH = "/run/secrets/";
const NANO = 1e9;

/** Compose takes `$` for the start of a variable. */
export function escaped(text: string): string {
  return text.replaceAll("$", "$$$$");
}

export interface Naming {
  /** Compose's name of a Docker network. */
  readonly network: (name: string) => string;
  /** Variables of the image, which are left out. */
  readonly imageEnvironment: readonly string[];
}

export function composeService(container: Inspected, naming: Naming): ComposeService {
  const { Config, HostConfig } = container;
  const environment = environmentOf(container, naming.imageEnvironment);
  const secrets = secretsOf(environment);
  return {
    image: container.Image,
    user: Config.User,
    ...(Config.Entrypoint && { entrypoint: Config.Entrypoint.map(escaped) }),
    ...(Config.Cmd && { command: Config.Cmd.map(escaped) }),
    environment,
    ...(Config.Healthcheck && { healthcheck: healthcheck(Config.Healthcheck) }),
    ...(Config.StopSignal && { stop_signal: Config.StopSignal }),
    ...(Config.StopTimeout !== undefined && { stop_grace_period: `${Config.StopTimeout}s` }),
    restart: HostConfig.RestartPolicy.Name || "no",
    ...hardeningAndLimits(HostConfig),
    ...(secrets.length > 0 && { secrets }),
    volumes: container.Mounts.filter(isData).map(({ Name, Destination }) => `${dataName(Name)}:${Destination}`),
    ports: portsOf(HostConfig),
    networks: Object.fromEntries(
      Object.keys(container.NetworkSettings.Networks).map((name) => [naming.network(name), null]),
    ),
  };
}

function hardeningAndLimits(host: Inspected["HostConfig"]) {
  return {
    cpus: host.NanoCpus / NANO,
    mem_limit: host.Memory,
    memswap_limit: host.MemorySwap,
    shm_size: host.ShmSize,
    read_only: host.ReadonlyRootfs,
    cap_drop: host.CapDrop ?? [],
    security_opt: host.SecurityOpt ?? [],
    logging: { driver: host.LogConfig.Type, options: host.LogConfig.Config },
    tmpfs: Object.entries(host.Tmpfs ?? {}).map(([path, options]) => `${path}:${options}`),
  };
}

function environmentOf({ Config }: Inspected, ofImage: readonly string[]): Record<string, string> {
  const own = Config.Env.filter((entry) => !ofImage.includes(entry));
  return Object.fromEntries(
    own.map((entry) => {
      const at = entry.indexOf("=");
      return [entry.slice(0, at), escaped(entry.slice(at + 1))];
    }),
  );
}

/** A variable such as DATABASE_URL_FILE names a secret's file; Compose mounts one file of that name there. */
function secretsOf(environment: Readonly<Record<string, string>>): { source: string; target: string }[] {
  return Object.entries(environment)
    .filter(([name, value]) => name.endsWith("_FILE") && value.startsWith(SECRETS_PATH))
    .map(([name, target]) => ({ source: name.slice(0, -"_FILE".length), target }));
}

function healthcheck(health: NonNullable<Inspected["Config"]["Healthcheck"]>) {
  const duration = (nanoseconds = 0): string => `${nanoseconds / NANO}s`;
  return {
    test: health.Test.map(escaped),
    interval: duration(health.Interval),
    timeout: duration(health.Timeout),
    start_period: duration(health.StartPeriod),
    ...(health.StartInterval && { start_interval: duration(health.StartInterval) }),
    ...(health.Retries !== undefined && { retries: health.Retries }),
  };
}

/** Volumes that hold data have stable names that say so; all others are the library's own way to bring files. */
function isData({ Name = "", RW }: Inspected["Mounts"][number]): boolean {
  return RW && Name.endsWith("-data");
}

export function dataName(volume = ""): string {
  return volume.split("-").slice(-2).join("-");
}

function portsOf({ PortBindings }: Inspected["HostConfig"]): string[] {
  return Object.entries(PortBindings ?? {}).flatMap(([port, bindings]) =>
    (bindings ?? []).map(({ HostIp, HostPort }) => `${HostIp}:${HostPort}:${port}`),
  );
}

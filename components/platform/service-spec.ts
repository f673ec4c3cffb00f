import * as pulumi from "@pulumi/pulumi";

import { Limit } from "../settings/fragments";

/**
 * All that is needed to run any service, as plain data: what a service component decides and a platform renders.
 * Values that shape the graph are plain; names that other resources yield are inputs.
 */
export interface ServiceSpec {
  /** Name of the service: label, stable host name, prefix of every child. */
  readonly service: string;
  /** Image by digest or local id. */
  readonly image: string;
  /** Numeric `uid:gid` the first process runs as; never root. */
  readonly user: string;
  /** Replaces the image's entrypoint. @default the image's own */
  readonly entrypoint?: readonly string[];
  /** Arguments after the entrypoint. @default the image's own */
  readonly command?: readonly string[];
  /** Plain environment; secrets travel as files. */
  readonly environment: Readonly<Record<string, string>>;
  /** Volumes and folders of the host inside the container. */
  readonly mounts: readonly (Mount | HostFolder)[];
  /** Writable memory filesystems beside the read-only root. */
  readonly tmpfs: readonly Tmpfs[];
  /** Network segments it joins. */
  readonly networks: readonly NetworkMembership[];
  /** Ports published on the host. @default none */
  readonly ports?: readonly PublishedPort[];
  readonly limit: Limit;
  /** Rules of the platform that do not hold for it. @default none */
  readonly exemptions?: Exemptions;
  /** Whether an init process stands in front of the first one and reaps what it leaves. @default false */
  readonly init?: boolean;
  /** Size of /dev/shm in MiB. @default Docker's 64 */
  readonly sharedMemoryMiB?: number;
  /** What proves the service works. */
  readonly health: Health | OutsideHealth | NoHealth;
  /** How it ends. */
  readonly stop: Stop;
  readonly restart: "unless-stopped" | "always";
  /**
   * `start-first`: the new container is ready before the old one goes (auto-named, any number of replicas).
   * `stop-first`: one stable name, the old stops before the new starts: single writers and port holders.
   */
  readonly update: "start-first" | "stop-first";
  /** Containers side by side. @default 1 */
  readonly replicas?: number;
}

/** A one-shot container: it runs to its end and its exit code counts. */
export interface JobSpec extends Pick<
  ServiceSpec,
  | "service"
  | "image"
  | "user"
  | "entrypoint"
  | "command"
  | "environment"
  | "mounts"
  | "tmpfs"
  | "networks"
  | "limit"
  | "init"
  | "exemptions"
> {
  /** The job fails when it takes longer. */
  readonly timeoutSeconds: number;
}

/** A volume mounted into a container. */
export interface Mount {
  readonly volume: pulumi.Input<string>;
  readonly path: string;
  readonly readOnly: boolean;
}

/** A folder of the machine that runs Pulumi, read-only inside: source code in development, on a daemon of that machine. */
export interface HostFolder {
  readonly hostPath: string;
  readonly path: string;
}

/** A memory filesystem owned by the service's user. */
export interface Tmpfs {
  /** Folder inside the container. */
  readonly path: string;
  /** Its size; what is written counts against the memory limit, too. */
  readonly sizeMiB: number;
  /** @default "0700" */
  readonly mode?: string;
  /** Whether files in it may be executed, as libraries that unpack native code need. @default false */
  readonly executable?: boolean;
}

/** A segment joined, with the extra names under which the others there find this container. */
export interface NetworkMembership {
  readonly segment: string;
  /** @default none */
  readonly aliases?: readonly string[];
}

/** A container port reachable on the host. */
export interface PublishedPort {
  /** Port that the process inside listens on. */
  readonly containerPort: number;
  /** Port on the host. */
  readonly hostPort: number;
  /** Address of the host it is bound to; `127.0.0.1` keeps it on the host. */
  readonly bindAddress: string;
}

/** A health check run by Docker inside the container, and by the gate until it first passes. */
export interface Health {
  /** Shell command; exit code 0 means the service does its work. */
  readonly command: string;
  readonly intervalSeconds: number;
  /** @default 5 */
  readonly timeoutSeconds?: number;
  /** @default 3 */
  readonly retries?: number;
  /** Failures in this time after the start do not count. */
  readonly startPeriodSeconds: number;
  /** The gate gives up after this time. @default startPeriodSeconds + 60 */
  readonly gateTimeoutSeconds?: number;
}

/** A check by a container beside it, for an image without a shell or a client: by the gate alone, Docker has none then. */
export interface OutsideHealth {
  /** Shell command for the files image, in which `$1` is the host name of the container. */
  readonly outsideCommand: string;
  /** The gate gives up after this time. */
  readonly gateTimeoutSeconds: number;
}

/** No check: to the gate, a container works that keeps running. */
export interface NoHealth {
  /** How long it has to keep running. */
  readonly settleSeconds: number;
}

/** Rules of the platform that may not hold for a service. */
export type ExemptRule =
  /** Docker asks again and again whether it works. */
  | "docker-health-check"
  /** Secrets are in files, and nowhere else. */
  | "secrets-as-files"
  /** What is written to memory filesystems cannot be executed. */
  | "noexec-memory-filesystems"
  /** Nothing of the host's filesystem is inside. */
  | "no-host-folders"
  /** The container is as the platform makes it. */
  | "untransformed";

/** Rules of the platform that do not hold for a service, each with what holds instead. */
export type Exemptions = Readonly<Partial<Record<ExemptRule, string>>>;

/** How a container is asked to end, and how long it may take. */
export interface Stop {
  /** @default "SIGTERM" */
  readonly signal?: string;
  readonly graceSeconds: number;
}

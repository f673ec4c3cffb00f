import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";

import { Limit } from "../settings/fragments";
import { decimalCpus, goDuration, tmpfsOptions } from "./canonical";
import { labelList, Labels } from "./labels";
import {
  Health,
  HostFolder,
  JobSpec,
  Mount,
  NetworkMembership,
  PublishedPort,
  ServiceSpec,
  Tmpfs,
} from "./service-spec";

/** What a spec leaves to the platform. */
export interface RenderContext {
  readonly labels: Labels;
  /** Docker's name of a segment. */
  readonly networkName: (segment: string) => pulumi.Input<string>;
  /** Whether the daemon is known to take a healthcheck's start interval (API 1.44). */
  readonly startInterval: boolean;
}

/** A long-running container, complete but for its name. */
export function serviceContainerArgs(spec: ServiceSpec, context: RenderContext): docker.ContainerArgs {
  return {
    ...commonArgs(spec, context),
    wait: false,
    mustRun: true,
    restart: spec.restart,
    ports: (spec.ports ?? []).map(publishedPort),
    ...("command" in spec.health && { healthcheck: healthcheck(spec.health, context.startInterval) }),
    stopSignal: spec.stop.signal ?? "SIGTERM",
    stopTimeout: spec.stop.graceSeconds,
    // Without it the provider kills at once when it removes the container.
    destroyGraceSeconds: spec.stop.graceSeconds,
    ...(spec.sharedMemoryMiB !== undefined && { shmSize: spec.sharedMemoryMiB }),
  };
}

/** A one-shot container that stays in Exited. */
export function jobContainerArgs(spec: JobSpec, context: RenderContext): docker.ContainerArgs {
  return { ...commonArgs(spec, context), wait: false, mustRun: false, restart: "no", destroyGraceSeconds: 10 };
}

/** What every container that runs has in common: hardening, limits, logs, networks. */
function commonArgs(spec: JobSpec | ServiceSpec, context: RenderContext): docker.ContainerArgs {
  return {
    image: spec.image,
    user: spec.user,
    ...(spec.entrypoint && { entrypoints: [...spec.entrypoint] }),
    ...(spec.command && { command: [...spec.command] }),
    envs: environmentList(spec.environment),
    labels: labelList(context.labels),
    readOnly: true,
    ...(spec.init && { init: true }),
    ...hardening(),
    ...limits(spec.limit),
    ...logging(),
    tmpfs: tmpfs(spec.user, spec.tmpfs),
    volumes: spec.mounts.map((mount) => ("volume" in mount ? volumeMount(mount) : folderMount(mount))),
    networksAdvanced: spec.networks.map((membership) => network(membership, context)),
  };
}

/** Open files of one process: Redis wants 10,032, Kafka a few for each segment of its log, and some daemons allow 20,000. */
const OPEN_FILES = 16384;

/**
 * No capability, no way to gain one; no core dumps, which would hold secrets; open files bounded. Names of capabilities
 * in full: the provider compares them as written. The provider has no field for a limit of processes: gates set it.
 */
export function hardening() {
  return {
    capabilities: { adds: [], drops: ["ALL"] },
    securityOpts: ["no-new-privileges:true"],
    ulimits: [
      { name: "core", soft: 0, hard: 0 },
      { name: "nofile", soft: OPEN_FILES, hard: OPEN_FILES },
    ],
  };
}

/** Ceilings; swap equal to memory, since Docker would otherwise add as much swap again. */
export function limits(limit: Limit) {
  return {
    cpus: decimalCpus(limit.cpus),
    memory: limit.memoryMiB,
    memorySwap: limit.memoryMiB,
    ...(limit.memoryReservationMiB !== undefined && { memoryReservation: limit.memoryReservationMiB }),
  };
}

/** Both set explicitly: the daemon's own defaults would otherwise show as a change, and files grow without bound. */
export function logging() {
  return { logDriver: "json-file", logOpts: { "max-file": "3", "max-size": "10m" } };
}

function environmentList(environment: Readonly<Record<string, string>>): string[] {
  return Object.entries(environment)
    .map(([name, value]) => `${name}=${value}`)
    .sort();
}

function tmpfs(user: string, mounts: readonly Tmpfs[]): Record<string, string> {
  return Object.fromEntries(mounts.map((mount) => [mount.path, tmpfsOptions(user, mount)]));
}

function volumeMount({ volume, path, readOnly }: Mount) {
  return { volumeName: volume, containerPath: path, readOnly };
}

function folderMount({ hostPath, path }: HostFolder) {
  return { hostPath, containerPath: path, readOnly: true };
}

function network({ segment, aliases }: NetworkMembership, context: RenderContext) {
  return { name: context.networkName(segment), ...(aliases && { aliases: [...aliases] }) };
}

function publishedPort({ containerPort, hostPort, bindAddress }: PublishedPort) {
  return { internal: containerPort, external: hostPort, ip: bindAddress, protocol: "tcp" };
}

function healthcheck(health: Health, startInterval: boolean) {
  return {
    tests: ["CMD-SHELL", health.command],
    interval: goDuration(health.intervalSeconds),
    timeout: goDuration(health.timeoutSeconds ?? 5),
    retries: health.retries ?? 3,
    startPeriod: goDuration(health.startPeriodSeconds),
    ...(startInterval && { startInterval: goDuration(1) }),
  };
}

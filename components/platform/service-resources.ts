import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";

import { act } from "./act";
import { jobContainerArgs, RenderContext, serviceContainerArgs } from "./container-args";
import { DockerEngine } from "./docker-engine";
import { labelList, Role } from "./labels";
import { hostScript } from "./script";
import { JobSpec, ServiceSpec } from "./service-spec";
import { Transform, transformed } from "./transform";

/** Edits of a service's children, by role. */
export interface ServiceTransforms {
  /** Each container, after everything else. @default none */
  readonly container?: Transform<docker.ContainerArgs>;
}

export interface RenderOptions {
  readonly parent: pulumi.Resource;
  /** Must exist before the first container is made. @default nothing */
  readonly dependsOn?: pulumi.Input<pulumi.Resource>[];
  /** Must exist before a gate starts to wait, for example the roles a health check logs in with. @default nothing */
  readonly beforeGate?: (container: docker.Container) => pulumi.Resource[];
  /** @default none */
  readonly transform?: ServiceTransforms | undefined;
}

/** What a rendered service offers to the rest of the program. */
export interface RenderedService {
  readonly service: string;
  readonly image: string;
  readonly containers: readonly docker.Container[];
  /** One gate a container: to depend on them is to wait for readiness. */
  readonly ready: readonly pulumi.Resource[];
}

const GATE = hostScript(__dirname, "gate.sh");
const JOB_GATE = hostScript(__dirname, "job-gate.sh");
const DEFAULT_GATE_SLACK_SECONDS = 60;

/** Changes the provider accepts without doing anything about them. */
const REPLACE_ON_CHANGES = ["tmpfs", "init"];

/** Containers of a service with their gates. Replicas come one after another, each gated. */
export function renderService(platform: DockerEngine, spec: ServiceSpec, options: RenderOptions): RenderedService {
  const containers: docker.Container[] = [];
  const ready: pulumi.Resource[] = [];
  for (let replica = 1; replica <= (spec.replicas ?? 1); replica++) {
    const name = replica === 1 ? spec.service : `${spec.service}-${replica}`;
    const dependsOn = [...(options.dependsOn ?? []), ...ready.slice(-1)];
    const container = serviceContainer(platform, `${name}-container`, spec, { ...options, dependsOn });
    const before = options.beforeGate?.(container) ?? [];
    containers.push(container);
    ready.push(serviceGate(platform, `${name}-gate`, spec, container, { parent: options.parent, dependsOn: before }));
  }
  return { service: spec.service, image: spec.image, containers, ready };
}

/** A one-shot job with the gate on its exit code. */
export function renderJob(platform: DockerEngine, spec: JobSpec, options: RenderOptions): RenderedService {
  const args = jobContainerArgs(spec, renderContext(platform, spec.service, "job"));
  const container = new docker.Container(
    ...transformed(options.transform?.container, `${spec.service}-container`, args, {
      ...containerOptions(platform, options),
      deleteBeforeReplace: false,
    }),
  );
  const gate = act(
    platform,
    `${spec.service}-gate`,
    {
      script: JOB_GATE,
      environment: { CONTAINER: container.id, SERVICE: spec.service, TIMEOUT_SECONDS: String(spec.timeoutSeconds) },
      triggers: [container.id],
    },
    { parent: options.parent },
  );
  return { service: spec.service, image: spec.image, containers: [container], ready: [gate] };
}

/** A volume with a stable name that holds what must survive everything; neither deleted nor replaced by Pulumi. */
export function dataVolume(platform: DockerEngine, service: string, parent: pulumi.Resource): docker.Volume {
  return new docker.Volume(
    `${service}-data`,
    { name: platform.stableName(service, "data"), labels: labelList(platform.labels(service, "data")) },
    { parent, provider: platform.provider, protect: true, ignoreChanges: ["labels", "driverOpts"] },
  );
}

/** A volume for what can be made anew: it goes with the service, and a new revision begins an empty one. */
export function scratchVolume(
  platform: DockerEngine,
  service: string,
  purpose: string,
  revision: string,
  parent: pulumi.Resource,
): docker.Volume {
  return new docker.Volume(
    `${service}-${purpose}`,
    { name: platform.stableName(service, purpose, revision), labels: labelList(platform.labels(service, "config")) },
    { parent, provider: platform.provider, ignoreChanges: ["labels", "driverOpts"] },
  );
}

function serviceContainer(platform: DockerEngine, name: string, spec: ServiceSpec, options: RenderOptions) {
  const stopFirst = spec.update === "stop-first";
  const args = {
    ...serviceContainerArgs(spec, renderContext(platform, spec.service, "service")),
    ...(stopFirst && { name: platform.stableName(spec.service) }),
  };
  return new docker.Container(
    ...transformed(options.transform?.container, name, args, {
      ...containerOptions(platform, options),
      deleteBeforeReplace: stopFirst,
    }),
  );
}

function serviceGate(
  platform: DockerEngine,
  name: string,
  { service, health, restart }: ServiceSpec,
  container: docker.Container,
  opts: pulumi.CustomResourceOptions,
) {
  const timeoutSeconds = health.gateTimeoutSeconds ?? health.startPeriodSeconds + DEFAULT_GATE_SLACK_SECONDS;
  return act(
    platform,
    name,
    {
      script: GATE,
      environment: {
        CONTAINER: container.id,
        SERVICE: service,
        READINESS: health.command,
        RESTART: restart,
        TIMEOUT_SECONDS: String(timeoutSeconds),
      },
      triggers: [container.id],
    },
    opts,
  );
}

function renderContext(platform: DockerEngine, service: string, role: Role): RenderContext {
  return {
    labels: platform.labels(service, role),
    networkName: (segment) => platform.networkName(segment),
    startInterval: platform.supportsStartInterval,
  };
}

function containerOptions(platform: DockerEngine, { parent, dependsOn }: RenderOptions): pulumi.CustomResourceOptions {
  return {
    parent,
    provider: platform.provider,
    ...(dependsOn && { dependsOn }),
    replaceOnChanges: REPLACE_ON_CHANGES,
  };
}

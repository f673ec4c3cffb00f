import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";

import { jobContainerArgs, RenderContext, serviceContainerArgs } from "./container-args";
import { DockerEngine } from "./docker-engine";
import { jobGate, serviceGate } from "./gates";
import { KEEPS_LABELS, labelList, Role } from "./labels";
import { report } from "../settings/problems";
import { exemptionsOf } from "./exemptions";
import { freshName } from "./fresh-name";
import { Exemptions, JobSpec, ServiceSpec } from "./service-spec";
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
  /** Its name. */
  readonly service: string;
  /** The image its containers run. */
  readonly image: string;
  /** Its containers, one for each replica. */
  readonly containers: readonly docker.Container[];
  /** One gate a container: to depend on them is to wait for readiness. */
  readonly ready: readonly pulumi.Resource[];
  /** Rules of the platform that do not hold for it. */
  readonly exemptions: Exemptions;
}

/** Changes the provider accepts without doing anything about them. */
const REPLACE_ON_CHANGES = ["tmpfs", "init"];

/** Containers of a service with their gates. Replicas come one after another, each gated. */
export function renderService(platform: DockerEngine, spec: ServiceSpec, options: RenderOptions): RenderedService {
  checkMembership(platform, spec, options);
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
  return { service: spec.service, image: spec.image, containers, ready, exemptions: exemptionsOf(spec, options) };
}

/** A one-shot job with the gate on its exit code. */
export function renderJob(platform: DockerEngine, spec: JobSpec, options: RenderOptions): RenderedService {
  checkMembership(platform, spec, options);
  const args = jobContainerArgs(spec, renderContext(platform, spec.service, "job"));
  const container = new docker.Container(
    ...transformed(options.transform?.container, `${spec.service}-container`, args, {
      ...containerOptions(platform, options),
      deleteBeforeReplace: false,
    }),
  );
  const gate = jobGate(platform, spec, container, { parent: options.parent });
  return {
    ...{ service: spec.service, image: spec.image, containers: [container], ready: [gate] },
    exemptions: exemptionsOf(spec, options),
  };
}

function checkMembership(
  platform: DockerEngine,
  spec: Pick<ServiceSpec, "service" | "networks">,
  { parent }: RenderOptions,
) {
  const segments = spec.networks.map(({ segment }) => segment);
  report(`service "${spec.service}"`, platform.membershipProblems(spec.service, segments), parent);
}

/** A volume with a stable name that holds what must survive everything; neither deleted nor replaced by Pulumi. */
export function dataVolume(platform: DockerEngine, service: string, parent: pulumi.Resource): docker.Volume {
  return new docker.Volume(
    `${service}-data`,
    { name: platform.stableName(service, "data"), labels: labelList(platform.labels(service, "data")) },
    { parent, provider: platform.provider, protect: true, ignoreChanges: [KEEPS_LABELS, "driverOpts"] },
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
  const name = freshName(platform, `${service}-${purpose}`, { service, purpose, revision }, parent);
  return new docker.Volume(
    `${service}-${purpose}`,
    { name, labels: labelList(platform.labels(service, "config")) },
    { parent, provider: platform.provider, ignoreChanges: [KEEPS_LABELS, "driverOpts"] },
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

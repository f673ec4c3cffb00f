import * as pulumi from "@pulumi/pulumi";

import { act } from "./act";
import { DockerEngine } from "./docker-engine";
import { hostScript } from "./script";
import { DEFAULT_PIDS, Limit } from "../settings/fragments";
import { Health, JobSpec, OutsideHealth, ServiceSpec } from "./service-spec";

/** What a gate has to know of a container. */
export interface Gated {
  readonly id: pulumi.Output<string>;
  readonly name: pulumi.Output<string>;
}

type Parameters = Record<string, pulumi.Input<string>>;

const GATE = hostScript(__dirname, "gate.sh");
const JOB_GATE = hostScript(__dirname, "job-gate.sh");
const DEFAULT_GATE_SLACK_SECONDS = 60;

/** Who a probe container runs as: nobody. */
const PROBE_USER = "65534:65534";

/** Exists once a container works. */
export function serviceGate(
  platform: DockerEngine,
  name: string,
  spec: ServiceSpec,
  container: Gated,
  opts: pulumi.CustomResourceOptions,
): pulumi.Resource {
  const environment = {
    CONTAINER: container.id,
    SERVICE: spec.service,
    RESTART: spec.restart,
    PIDS_LIMIT: pidsLimit(spec.limit),
    ...waitParameters(platform, spec, container),
  };
  return act(platform, name, { script: GATE, environment, triggers: [container.id] }, opts);
}

/** Exists once a one-shot container has ended well. */
export function jobGate(
  platform: DockerEngine,
  { service, timeoutSeconds, limit }: JobSpec,
  { id }: Gated,
  opts: pulumi.CustomResourceOptions,
): pulumi.Resource {
  const environment = {
    CONTAINER: id,
    SERVICE: service,
    PIDS_LIMIT: pidsLimit(limit),
    TIMEOUT_SECONDS: String(timeoutSeconds),
  };
  return act(platform, `${service}-gate`, { script: JOB_GATE, environment, triggers: [id] }, opts);
}

/** The provider has no field for it, so that the gate sets it; Docker keeps it with the container over restarts. */
function pidsLimit({ pids = DEFAULT_PIDS }: Limit): string {
  return String(pids);
}

function waitParameters(platform: DockerEngine, spec: ServiceSpec, { name }: Gated): Parameters {
  const { health } = spec;
  if ("command" in health) return insideParameters(health);
  if ("settleSeconds" in health) return { FROM: "none", SETTLE_SECONDS: String(health.settleSeconds) };
  return outsideParameters(platform, spec, health, name);
}

function insideParameters({ command, gateTimeoutSeconds, startPeriodSeconds }: Health): Parameters {
  const timeoutSeconds = gateTimeoutSeconds ?? startPeriodSeconds + DEFAULT_GATE_SLACK_SECONDS;
  return { READINESS: command, TIMEOUT_SECONDS: String(timeoutSeconds) };
}

/** Over a segment of the service, so that what the probe reaches, the others on it reach. */
function outsideParameters(
  platform: DockerEngine,
  { networks }: ServiceSpec,
  { outsideCommand, gateTimeoutSeconds }: OutsideHealth,
  host: pulumi.Output<string>,
): Parameters {
  return {
    FROM: "outside",
    READINESS: outsideCommand,
    TIMEOUT_SECONDS: String(gateTimeoutSeconds),
    HOST: host,
    IMAGE: platform.filesImage,
    NETWORK: platform.networkName(networks[0]?.segment ?? ""),
    PROJECT: platform.project,
    STACK: platform.stack,
    STACK_ID: platform.stackId,
    USER_ID: PROBE_USER,
  };
}

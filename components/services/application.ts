import * as pulumi from "@pulumi/pulumi";

import { DockerEngine } from "../platform/docker-engine";
import { ServiceTransforms } from "../platform/service-resources";
import { JobSpec, NetworkMembership, ServiceSpec, Tmpfs } from "../platform/service-spec";
import { specProblems } from "../platform/spec-problems";
import { Limit } from "../settings/fragments";
import { report } from "../settings/problems";
import { Bindable } from "../secrets/binding";
import { secretFiles } from "../secrets/secret-files";
import { RuntimeSettings } from "./backing-service";

/** Arguments of everything that runs an image of the users' own. */
export interface ApplicationArgs {
  readonly platform: DockerEngine;
  /** Image by digest or local id. */
  readonly image: string;
  /** Arguments after the image's entrypoint. @default the image's own */
  readonly command?: readonly string[];
  /** Numeric `uid:gid` of the first process. @default "10001:10001" */
  readonly user?: string;
  /** Plain settings; a secret among them would show in `docker inspect`. @default none */
  readonly environment?: Readonly<Record<string, string>>;
  /** Backing services and secrets it is given access to, each with a login of its own. @default none */
  readonly uses?: readonly Bindable[];
  /** Further segments it joins, for example one with a way out. @default none */
  readonly segments?: readonly string[];
  /** Components whose readiness it waits for, beside what it uses. @default none */
  readonly after?: readonly Waitable[];
  /** Size of its /tmp in MiB. @default 64 */
  readonly tmpMiB?: number;
  readonly limit: Limit;
  /** Last-resort edits of the children. @default none */
  readonly transform?: ServiceTransforms;
}

/** An {@link ApplicationArgs} that runs for good. */
export interface LongRunningArgs extends ApplicationArgs {
  readonly runtime: RuntimeSettings;
  /** Time to finish work in hand after the stop signal. @default 30 */
  readonly stopGraceSeconds?: number;
}

/** Something that is ready once its gates exist. */
export interface Waitable {
  readonly service: { readonly ready: readonly pulumi.Resource[] };
}

/** The part of a spec that all applications share, and what must exist before their first container. */
export interface ApplicationBase {
  readonly spec: Omit<JobSpec, "timeoutSeconds">;
  readonly dependsOn: pulumi.Resource[];
}

const DEFAULT_USER = "10001:10001";

/** Turns what an application uses into logins, secret volumes, variables, segments and order. */
export function application(
  service: string,
  args: ApplicationArgs,
  parent: pulumi.Resource,
  placement: Pick<ServiceSpec, "update" | "replicas"> = { update: "start-first" },
): ApplicationBase {
  const user = args.user ?? DEFAULT_USER;
  report(`service "${service}"`, specProblems({ service, user, limit: args.limit, ...placement }), parent);
  const bindings = (args.uses ?? []).map((bindable) => bindable.bind({ service, parent }));
  const secrets = bindings.map((binding) => secretFiles(args.platform, { service, user, parent }, binding));
  return {
    dependsOn: [...secrets.map(({ ready }) => ready), ...(args.after ?? []).flatMap((other) => other.service.ready)],
    spec: {
      service,
      image: args.image,
      user,
      ...(args.command && { command: args.command }),
      environment: Object.assign(
        {},
        ...bindings.map(({ environment }) => environment),
        ...secrets.map(({ environment }) => environment),
        args.environment,
      ) as Record<string, string>,
      mounts: secrets.map(({ mount }) => mount),
      tmpfs: [temporaryFolder(args.tmpMiB)],
      networks: memberships([...bindings.map(({ segment }) => segment), ...(args.segments ?? [])]),
      limit: args.limit,
    },
  };
}

/** The part of a spec that all applications share which run for good. */
export function longRunning(
  { runtime, stopGraceSeconds = 30 }: LongRunningArgs,
  healthCommand: string,
): Pick<ServiceSpec, "health" | "stop" | "restart"> {
  return {
    health: { command: healthCommand, intervalSeconds: runtime.healthIntervalSeconds, startPeriodSeconds: 30 },
    stop: { graceSeconds: stopGraceSeconds },
    restart: runtime.restart,
  };
}

/** Each segment once, in a fixed order. */
export function memberships(segments: readonly (string | undefined)[]): NetworkMembership[] {
  const names = new Set(segments.filter((segment) => segment !== undefined));
  return [...names].sort().map((segment) => ({ segment }));
}

function temporaryFolder(sizeMiB = 64): Tmpfs {
  return { path: "/tmp", sizeMiB };
}

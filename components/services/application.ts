import * as path from "node:path";

import * as pulumi from "@pulumi/pulumi";

import { DockerEngine } from "../platform/docker-engine";
import { ServiceTransforms } from "../platform/service-resources";
import { HostFolder, JobSpec, NetworkMembership, ServiceSpec, Tmpfs } from "../platform/service-spec";
import { specProblems } from "../platform/spec-problems";
import { Limit } from "../settings/fragments";
import { Problem, report } from "../settings/problems";
import { Bindable, Binding } from "../secrets/binding";
import { secretFiles } from "../secrets/secret-files";
import { variableProblems } from "../secrets/variables";
import { RuntimeSettings } from "./backing-service";
import {
  exportingEntrypoint,
  referencedSecrets,
  SecretTemplates,
  templateProblems,
  unknownReferences,
} from "./secret-environment";

/** Arguments of everything that runs an image of the users' own, or of others. */
export interface ApplicationArgs {
  /** Where it runs. */
  readonly platform: DockerEngine;
  /** Image by digest or local id. */
  readonly image: string;
  /** Replaces the image's entrypoint, and with it the image's arguments. @default the image's own */
  readonly entrypoint?: readonly string[];
  /** Arguments after the entrypoint. @default the image's own */
  readonly command?: readonly string[];
  /** Numeric `uid:gid` of the first process. @default "10001:10001" */
  readonly user?: string;
  /** Plain settings; a secret among them would show in `docker inspect`. @default none */
  readonly environment?: Readonly<Record<string, string>>;
  /** Backing services and secrets it is given access to, each with a login of its own. @default none */
  readonly uses?: readonly Bindable[];
  /**
   * For an image that takes secrets from its environment alone: variables made of the secrets of what it uses, such as
   * `{ DB_URI: "${DATABASE_URL}?sslmode=disable" }`. A shell, which the image needs, reads the files and becomes the
   * `entrypoint`, which has to be given. `docker inspect` shows no value; /proc/PID/environ does, to root and to the
   * container's user, so it is recorded as an exemption. Such a secret is not announced as a file. @default none
   */
  readonly secretsAsEnvironment?: SecretTemplates;
  /** Further segments it joins, for example one with a way out. @default none */
  readonly segments?: readonly string[];
  /** Components whose readiness it waits for, and other resources, such as a route, beside what it uses. @default none */
  readonly after?: readonly (Waitable | pulumi.Resource)[];
  /**
   * Whether Docker's init stands in front of the first process: it passes signals on, and reaps what forked processes and
   * health checks that were cut off leave behind. `false` for an image that brings its own. @default true
   */
  readonly init?: boolean;
  /** Its source code from this machine instead of the image's, for development. @default the image's */
  readonly source?: SourceCode | undefined;
  /** Size of its /tmp in MiB. @default 64 */
  readonly tmpMiB?: number;
  /** Further memory filesystems, for an image that writes elsewhere, too. @default none */
  readonly tmpfs?: readonly Tmpfs[];
  /** What one container may use. */
  readonly limit: Limit;
  /** Last-resort edits of the children. @default none */
  readonly transform?: ServiceTransforms;
}

/** Source code of the machine that runs Pulumi, inside a container: the daemon has to be that machine's own. */
export interface SourceCode {
  /** Folders of this machine by the folder inside which they cover, read-only; relative ones from the project's folder. */
  readonly folders: Readonly<Record<string, string>>;
  /** Entrypoint that starts anew when a file changes. */
  readonly entrypoint: readonly string[];
}

/** An {@link ApplicationArgs} that runs for good. */
export interface LongRunningArgs extends ApplicationArgs {
  /** Restart policy and pace of health checks. */
  readonly runtime: RuntimeSettings;
  /** Time a new container may take until it is ready; after that the update fails. @default 90 */
  readonly startTimeoutSeconds?: number;
  /**
   * What it uses and can start without, because it tries again by itself until its login works: its containers start
   * beside that server. They still count as ready only once the login works. @default none
   */
  readonly startsWithout?: readonly Bindable[];
  /** Time to finish work in hand after the stop signal. @default 30 */
  readonly stopGraceSeconds?: number;
}

/** Something that is ready once its gates exist. */
export interface Waitable {
  /** What to wait for. */
  readonly service: {
    /** Its gates. */
    readonly ready: readonly pulumi.Resource[];
  };
}

function waitedFor(other: Waitable | pulumi.Resource): readonly pulumi.Resource[] {
  return "service" in other ? other.service.ready : [other];
}

/** The part of a spec that all applications share, and what must exist before their first container. */
export interface ApplicationBase {
  readonly spec: Omit<JobSpec, "timeoutSeconds">;
  readonly dependsOn: pulumi.Resource[];
  /** What must exist before its gates begin to wait. */
  readonly beforeGate: () => pulumi.Resource[];
}

const DEFAULT_USER = "10001:10001";

/** What must hold beside what is checked of every application. */
export interface ApplicationRules {
  /** @default start-first */
  readonly placement?: Pick<ServiceSpec, "update" | "replicas">;
  /** What is wrong with further arguments. @default nothing */
  readonly problems?: readonly Problem[];
  /** What of `uses` it starts without. @default none */
  readonly startsWithout?: readonly Bindable[] | undefined;
}

/** Turns what an application uses into logins, secret volumes, variables, segments and order. */
export function application(
  service: string,
  args: ApplicationArgs,
  parent: pulumi.Resource,
  { placement = { update: "start-first" }, problems = [], startsWithout = [] }: ApplicationRules = {},
): ApplicationBase {
  const user = args.user ?? DEFAULT_USER;
  const basics = specProblems({ service, user, limit: args.limit, ...placement });
  const late = startProblems(args, placement, startsWithout);
  const own = [...environmentProblems(args), ...templateProblems(args)];
  report(`service "${service}"`, [...basics, ...problems, ...own, ...late], parent);
  const bindings = (args.uses ?? []).map((bindable) =>
    bindable.bind({ service, parent, startsWithout: startsWithout.includes(bindable) }),
  );
  report(`service "${service}"`, bindingProblems(bindings), parent);
  const { files, mounts, ready } = secretFiles(args.platform, { service, user, parent }, bindings);
  const templates = args.secretsAsEnvironment ?? {};
  report(`service "${service}"`, unknownReferences(templates, Object.keys(files)), parent);
  return {
    beforeGate: () => bindings.flatMap(({ beforeGate }) => beforeGate ?? []),
    dependsOn: [...ready, ...(args.after ?? []).flatMap(waitedFor)],
    spec: {
      service,
      image: args.image,
      user,
      ...entrypoint(args, files),
      ...(args.command && { command: args.command }),
      init: args.init ?? true,
      environment: {
        ...(Object.assign({}, ...bindings.map(({ environment }) => environment)) as Record<string, string>),
        ...announced(files, referencedSecrets(templates)),
        ...args.environment,
      },
      mounts: [...mounts, ...sourceFolders(args.source)],
      tmpfs: [temporaryFolder(args.tmpMiB), ...(args.tmpfs ?? [])],
      networks: memberships([...bindings.map(({ segment }) => segment), ...(args.segments ?? [])]),
      limit: args.limit,
    },
  };
}

/** To start without a server is of use only for one that is used, and only while the old version still works. */
function startProblems(
  { uses = [] }: ApplicationArgs,
  { update }: Pick<ServiceSpec, "update">,
  startsWithout: readonly Bindable[],
): Problem[] {
  if (startsWithout.length === 0) return [];
  const at = { path: "startsWithout" };
  const strangers = startsWithout.filter((bindable) => !uses.includes(bindable)).length;
  return [
    ...(strangers > 0 ? [{ ...at, want: "only what stands under uses", got: `${strangers} other(s)` }] : []),
    ...(update === "stop-first"
      ? [{ ...at, want: "nothing with overlap: false", got: String(startsWithout.length), fix: "leave it out" }]
      : []),
  ];
}

/** Docker takes each as one text: name, equals sign, value. Frameworks have names with dots and dashes in them. */
function environmentProblems({ environment = {} }: ApplicationArgs): Problem[] {
  return Object.entries(environment).flatMap(([name, value]) => [
    ...(/^[^=\0]+$/.test(name)
      ? []
      : [{ path: "environment", want: "a name without an equals sign", got: JSON.stringify(name) }]),
    ...(value.includes("\0")
      ? [{ path: `environment.${name}`, want: "a value without zero characters", got: JSON.stringify(value) }]
      : []),
  ]);
}

/** Bindings announce variables, each another one. */
export function bindingProblems(bindings: readonly Binding[]): Problem[] {
  const variables = bindings.flatMap(({ files }) => Object.keys(files));
  const wrong = variableProblems("uses", variables);
  const twice = new Set(variables.filter((variable, index) => variables.indexOf(variable) !== index));
  const several = [...twice].map((variable) => ({
    path: "uses",
    want: `one that gives ${variable}`,
    got: "several",
    fix: "give each its own variable",
  }));
  return [...wrong, ...several];
}

/** What replaces the image's entrypoint, and what is exempt by it. */
function entrypoint(
  { entrypoint: own, source, secretsAsEnvironment }: ApplicationArgs,
  files: Readonly<Record<string, string>>,
): Pick<JobSpec, "entrypoint" | "exemptions"> {
  const entrypoint = source?.entrypoint ?? own;
  if (!secretsAsEnvironment) return entrypoint ? { entrypoint } : {};
  const variables = Object.keys(secretsAsEnvironment).sort().join(", ");
  return {
    entrypoint: exportingEntrypoint(secretsAsEnvironment, files, entrypoint ?? []),
    exemptions: { "secrets-as-files": `in the environment of its processes: ${variables}` },
  };
}

function sourceFolders(source: SourceCode | undefined): HostFolder[] {
  return Object.entries(source?.folders ?? {})
    .map(([inside, folder]) => ({ hostPath: path.resolve(folder), path: inside }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** `<VARIABLE>_FILE` of each secret but those that are announced otherwise. */
function announced(files: Readonly<Record<string, string>>, others: readonly string[]): Record<string, string> {
  const entries = Object.entries(files).filter(([variable]) => !others.includes(variable));
  return Object.fromEntries(entries.map(([variable, file]) => [`${variable}_FILE`, file]));
}

/** The part of a spec that all applications share which run for good. */
export function longRunning(
  { runtime, stopGraceSeconds = 30 }: LongRunningArgs,
  { service, networks }: ApplicationBase["spec"],
  health: ServiceSpec["health"],
  parent: pulumi.Resource,
): Pick<ServiceSpec, "health" | "stop" | "restart"> {
  if ("outsideCommand" in health && networks.length === 0) {
    const want = "at least one, over which it is checked from outside";
    report(`service "${service}"`, [{ path: "segments", want, got: "none" }], parent);
  }
  return { health, stop: { graceSeconds: stopGraceSeconds }, restart: runtime.restart };
}

/** Each segment once, in a fixed order. */
export function memberships(segments: readonly (string | undefined)[]): NetworkMembership[] {
  const names = new Set(segments.filter((segment) => segment !== undefined));
  return [...names].sort().map((segment) => ({ segment }));
}

function temporaryFolder(sizeMiB = 64): Tmpfs {
  return { path: "/tmp", sizeMiB };
}

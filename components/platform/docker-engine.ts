import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";

import { DaemonRecord, recordDaemon } from "./daemon-record";
import { Problem } from "../settings/problems";
import { KEEPS_LABELS, labelList, Labels, Role } from "./labels";
import { RevisionKey } from "./revision-key";
import { identify } from "./stack-id";

/** A network segment of a stack. */
export interface Segment {
  /** An internal segment has no way out of the host, and nothing on it can be published. */
  readonly internal: boolean;
  /**
   * The services on it, by name: these may talk to one another, and nobody else to them over it. Together the segments
   * are the whole matrix of who may talk to whom; a service that joins one without standing here is an error.
   * @default whoever joins
   */
  readonly members?: readonly string[];
}

/** Arguments of {@link DockerEngine}. */
export interface DockerEngineArgs {
  /** The daemon. Without a host, provider and commands follow DOCKER_HOST of the process. */
  readonly docker: {
    /** URL of the daemon, such as `ssh://user@host`. @default what DOCKER_HOST of the process says */
    readonly host?: string | undefined;
    /** API version of the daemon, such as `1.44`: what is newer than 1.41 is used only then. @default unknown */
    readonly apiVersion?: string | undefined;
  };
  /** Segments by name; services join them by these names. */
  readonly segments: Readonly<Record<string, Segment>>;
  /**
   * Image without a USER whose stopped containers carry files onto volumes. It is started only to check from outside, and
   * then needs busybox, or bash with coreutils.
   */
  readonly filesImage: string;
}

/** Daemons from this API version on take a start interval in health checks. */
const START_INTERVAL_API_MINOR = 44;

/**
 * One Docker daemon as the place a stack runs on: provider, segments and the conventions that hold for all services.
 * Service components turn their specs into resources through the functions beside this class.
 */
export class DockerEngine extends pulumi.ComponentResource {
  /** Name of the Pulumi project. */
  readonly project = pulumi.getProject();
  /** Name of the stack. */
  readonly stack = pulumi.getStack();
  /** The provider of everything on this daemon. */
  readonly provider: docker.Provider;
  /** Where this stack lives: `./dev` refuses to change it on another daemon. */
  readonly daemon: pulumi.Output<DaemonRecord>;
  /** Whose the objects in Docker are: `./dev` takes nothing away that bears another one. */
  readonly stackId: pulumi.Output<string>;
  /** Image whose stopped containers carry files onto volumes. */
  readonly filesImage: string;
  /** Environment for every command that runs the docker CLI. */
  readonly commandEnvironment: Record<string, string>;
  /** Whether health checks may be more frequent while a container starts. */
  readonly supportsStartInterval: boolean;
  private readonly revisions: RevisionKey;
  private readonly segments: Readonly<Record<string, Segment>>;
  private readonly networks: Readonly<Record<string, docker.Network>>;

  constructor(name: string, args: DockerEngineArgs, opts?: pulumi.ComponentResourceOptions) {
    super("dockwright:platform:DockerEngine", name, {}, opts);
    const { host, apiVersion } = args.docker;
    this.provider = new docker.Provider(
      `${name}-provider`,
      { ...(host && { host }), disableDockerDaemonCheck: true },
      { parent: this },
    );
    this.filesImage = args.filesImage;
    this.commandEnvironment = host ? { DOCKER_HOST: host } : {};
    this.revisions = new RevisionKey(`${name}-revisions`, this);
    this.daemon = recordDaemon(name, this.commandEnvironment, this);
    this.stackId = identify(name, this);
    this.supportsStartInterval = Number(apiVersion?.split(".")[1] ?? 0) >= START_INTERVAL_API_MINOR;
    this.segments = args.segments;
    this.networks = Object.fromEntries(
      Object.entries(args.segments).map(([segment, settings]) => [segment, this.network(name, segment, settings)]),
    );
    this.registerOutputs({});
  }

  /** Docker's name of a segment. @throws pulumi.RunError for a segment that was not declared */
  networkName(segment: string): pulumi.Output<string> {
    const network = this.networks[segment];
    if (!network) {
      throw new pulumi.RunError(`segment "${segment}": want one of ${Object.keys(this.networks).join(", ")}`);
    }
    return network.name;
  }

  /** All that is wrong with a service joining some segments. */
  membershipProblems(service: string, segments: readonly string[]): Problem[] {
    return segments.flatMap((segment) => {
      const members = this.segments[segment]?.members;
      if (!members || members.includes(service)) return [];
      return {
        path: `segments.${segment}.members`,
        want: `"${service}" among them, because it joins that segment`,
        got: members.join(", "),
        fix: "declare it there if it may talk to those, or take away what it uses of them",
      };
    });
  }

  /** Stable name of a container or volume that stored commands must find again. */
  stableName(...parts: string[]): string {
    return [this.project, this.stack, ...parts].join("-");
  }

  /**
   * A short name for secret content: it changes with it, and tells nothing of it to whoever guesses, because a secret of
   * the stack goes into it. It may be shown.
   */
  revisionOf(content: pulumi.Input<string>): pulumi.Output<string> {
    return this.revisions.revisionOf(content);
  }

  /** What an object of a service is marked with. */
  labels(service: string, role: Role): Labels {
    return {
      "dockwright.project": this.project,
      "dockwright.stack": this.stack,
      "dockwright.stack-id": this.stackId,
      "dockwright.service": service,
      "dockwright.role": role,
    };
  }

  private network(name: string, segment: string, { internal }: Segment): docker.Network {
    return new docker.Network(
      `${name}-${segment}`,
      { driver: "bridge", internal, labels: labelList(this.labels(segment, "network")) },
      { parent: this, provider: this.provider, ignoreChanges: [KEEPS_LABELS] },
    );
  }
}

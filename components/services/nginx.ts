import * as pulumi from "@pulumi/pulumi";

import { EdgeSettings } from "../edge/edge-settings";
import { renderBootConfig, renderMainConfig, TLS_FILES } from "../edge/nginx-config";
import { atLeast, MINIMUM_NGINX_VERSION } from "../edge/nginx-version";
import { renderRoute, Route, RoutePath } from "../edge/route";
import { act } from "../platform/act";
import { DockerEngine } from "../platform/docker-engine";
import { configVolume, contentHash } from "../platform/files";
import { hostScript, scriptText } from "../platform/script";
import { specProblems } from "../platform/spec-problems";
import { RenderedService, renderService, scratchVolume, ServiceTransforms } from "../platform/service-resources";
import { edgeProblems } from "../settings/edge-checks";
import { Limit } from "../settings/fragments";
import { report } from "../settings/problems";
import { readTlsFiles, tlsFileWarnings } from "../settings/tls-files";
import { RuntimeSettings } from "./backing-service";
import { IMAGE_FACTS, Variant } from "./image-facts";
import { hostPortProblems, nginxFiles, nginxSpec, ownPort, routeProblems } from "./nginx-spec";

/** The piece of the configuration that all routes share; the others are named after their service. */
const MAIN_PIECE = "config";

/** A service that nginx can send requests to. */
export interface Endpoint {
  /** Its containers. */
  readonly service: RenderedService;
  /** Where they listen, and how they say that they are ready. */
  readonly endpoint: Pick<Route, "service" | "port" | "readinessPath">;
}

/** Arguments of {@link Nginx}. */
export interface NginxArgs {
  /** Where it runs. */
  readonly platform: DockerEngine;
  /** Image by digest or local id; its user must own /var/cache/nginx, as in nginx-unprivileged. */
  readonly image: string;
  /** Version inside the image; directives are emitted for it. */
  readonly version: string;
  /** @default "debian" */
  readonly variant?: Variant;
  /** What one container may use. */
  readonly limit: Limit;
  /** Restart policy and pace of health checks. */
  readonly runtime: RuntimeSettings;
  /** Segment that is not internal, for the published ports. */
  readonly publicSegment: string;
  /** Segment shared with the services that serve and with those that call them. */
  readonly callsSegment: string;
  /** Names on the calls segment behind which nginx's internal listeners stand, such as `backend`. */
  readonly stableNames: readonly string[];
  /** How the outside reaches it, and what it does to requests and answers: the settings fragment `edge`. */
  readonly edge: EdgeSettings;
  /** Ports on the host's loopback address that lead to one service each, by its name; for development. @default none */
  readonly hostPorts?: Readonly<Record<string, number | undefined>>;
  /** Last-resort edits of the children. @default none */
  readonly transform?: ServiceTransforms;
}

/**
 * The edge of a stack: the only published service. It starts first, with no routes, and waits for nobody; each route is
 * activated once its service is ready. Configuration and certificate are replaced as a whole and reloaded, so nginx
 * itself stays. Reads the files of `edge.tls`, relative to the project; a certificate that ends soon is warned about.
 */
export class Nginx extends pulumi.ComponentResource {
  /** Its container, and what to wait for until it is ready. */
  readonly service: RenderedService;
  private readonly configured: pulumi.Resource;
  /**
   * Volume of the activated configurations. A new boot configuration (other ports, another library) begins an empty one,
   * and every piece is activated anew on it: what was stored for another nginx might not even start this one.
   */
  private readonly store: pulumi.Output<string>;

  constructor(
    private readonly name: string,
    private readonly args: NginxArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("dockwright:edge:Nginx", name, {}, opts);
    const { platform, edge, limit } = args;
    report(`Nginx "${name}"`, problemsOf(name, args), this);
    for (const warning of tlsFileWarnings(edge)) void pulumi.log.warn(warning, this);
    const files = configVolume(platform, name, name, nginxFiles(), { parent: this });
    this.store = scratchVolume(platform, name, "store", contentHash(renderBootConfig()), this).name;
    this.service = renderService(platform, nginxSpec(name, args, this.store, files.name), {
      parent: this,
      dependsOn: [files.ready],
      transform: args.transform,
    });
    const main = { "nginx.conf": renderMainConfig(edge, limit.cpus), ...tlsFiles(edge) };
    this.configured = this.activate(MAIN_PIECE, main, this.service.ready);
    this.registerOutputs({});
  }

  /** Sends the given public paths, and calls to the stable name, to a service once it is ready. */
  route(target: Endpoint, paths: readonly RoutePath[] = []): pulumi.Resource {
    const { endpoint } = target;
    report(`Nginx "${this.name}"`, routeProblems(endpoint, this.args.hostPorts), this);
    const route: Route = { ...endpoint, paths, ownPort: ownPort(endpoint.service, this.args.hostPorts) };
    const names = pulumi.all(target.service.containers.map((container) => container.name));
    const files = names.apply((containerNames) => renderRoute(route, containerNames));
    return this.activate(route.service, files, [this.configured, ...target.service.ready]);
  }

  /** Writes one piece of the configuration, checks the whole, activates it and confirms that it is served. */
  private activate(
    piece: string,
    files: pulumi.Input<Record<string, pulumi.Input<string>>>,
    dependsOn: readonly pulumi.Resource[],
  ): pulumi.Resource {
    const { platform } = this.args;
    return act(
      platform,
      `${this.name}-${piece}`,
      {
        script: hostScript(__dirname, "nginx-activate.sh"),
        ...(piece !== MAIN_PIECE && { revoke: hostScript(__dirname, "nginx-deactivate.sh") }),
        environment: {
          CONTAINER: platform.stableName(this.name),
          PIECE: piece,
          ...(piece === MAIN_PIECE && { PUBLIC_NETWORK: platform.networkName(this.args.publicSegment) }),
          STORE: this.store,
          INSIDE: scriptText(__dirname, "nginx-activate-inside.sh"),
        },
        stdin: pulumi.output(files).apply(frame),
      },
      { parent: this, dependsOn: [...dependsOn] },
    );
  }
}

function problemsOf(name: string, args: NginxArgs) {
  const { platform, edge, limit, publicSegment, callsSegment, version } = args;
  const { user } = IMAGE_FACTS.nginx[args.variant ?? "debian"];
  return [
    ...specProblems({ service: name, user, limit }),
    ...platform.membershipProblems(name, [publicSegment, callsSegment]),
    ...versionProblems(version),
    ...hostPortProblems(args),
    ...edgeProblems(edge),
  ];
}

function versionProblems(version: string) {
  if (atLeast(version, MINIMUM_NGINX_VERSION)) return [];
  return [
    {
      path: "images.nginxVersion",
      want: `${MINIMUM_NGINX_VERSION} or later, where a reload loses no request`,
      got: version,
    },
  ];
}

/** On standard input of an act they are in no argument and no log, and encrypted in the state. */
function tlsFiles(edge: EdgeSettings): Record<string, pulumi.Output<string>> {
  const files = readTlsFiles(edge);
  if (!files) return {};
  return {
    [TLS_FILES.certificate]: pulumi.secret(files.certificate),
    [TLS_FILES.privateKey]: pulumi.secret(files.privateKey),
  };
}

/** Files as one text, each behind a line with its name. */
function frame(files: Record<string, string>): string {
  return Object.entries(files)
    .map(([name, content]) => `@@file ${name}\n${content}${content.endsWith("\n") || content === "" ? "" : "\n"}`)
    .join("");
}

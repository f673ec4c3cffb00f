import * as pulumi from "@pulumi/pulumi";

import {
  EdgeConfig,
  HEALTH_PATH,
  PUBLIC_PORT,
  renderBootConfig,
  renderMainConfig,
  STATUS_PORT,
} from "../edge/nginx-config";
import { atLeast, MINIMUM_NGINX_VERSION } from "../edge/nginx-version";
import { renderRoute, Route, RoutePath } from "../edge/route";
import { act } from "../platform/act";
import { DockerEngine } from "../platform/docker-engine";
import { configVolume, contentHash } from "../platform/files";
import { httpCheck } from "../platform/http-check";
import { hostScript, scriptText } from "../platform/script";
import { PublishedPort, ServiceSpec } from "../platform/service-spec";
import { specProblems } from "../platform/spec-problems";
import { RenderedService, renderService, scratchVolume, ServiceTransforms } from "../platform/service-resources";
import { report } from "../settings/problems";
import { Limit } from "../settings/fragments";
import { CONFIG_PATH, RuntimeSettings } from "./backing-service";
import { IMAGE_FACTS, Variant } from "./image-facts";

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
export interface NginxArgs extends EdgeConfig {
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
  /** Segment that is not internal, for the published port. */
  readonly publicSegment: string;
  /** Segment shared with the services that serve and with those that call them. */
  readonly callsSegment: string;
  /** Names on the calls segment behind which nginx's internal listeners stand, such as `backend`. */
  readonly stableNames: readonly string[];
  /** Published plain HTTP port. */
  readonly publish: Omit<PublishedPort, "containerPort">;
  /** Last-resort edits of the children. @default none */
  readonly transform?: ServiceTransforms;
}

/**
 * The edge of a stack: the only published service. It starts first, with no routes, and waits for nobody; each route is
 * activated once its service is ready. Configuration is replaced as a whole and reloaded, so nginx itself stays.
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
    const { platform, limit, version } = args;
    const { user } = IMAGE_FACTS.nginx[args.variant ?? "debian"];
    const problems = [...specProblems({ service: name, user, limit }), ...versionProblems(version)];
    report(`Nginx "${name}"`, problems, this);
    const files = configVolume(platform, name, name, nginxFiles(), { parent: this });
    this.store = scratchVolume(platform, name, "store", contentHash(renderBootConfig()), this).name;
    this.service = renderService(platform, nginxSpec(name, args, this.store, files.name), {
      parent: this,
      dependsOn: [files.ready],
      transform: args.transform,
    });
    this.configured = this.activate(MAIN_PIECE, { "nginx.conf": renderMainConfig(args) }, this.service.ready);
    this.registerOutputs({});
  }

  /** Sends the given public paths, and calls to the stable name, to a service once it is ready. */
  route(target: Endpoint, paths: readonly RoutePath[] = []): pulumi.Resource {
    const route: Route = { ...target.endpoint, paths };
    const names = pulumi.all(target.service.containers.map((container) => container.name));
    const files = names.apply((containerNames) => renderRoute(route, containerNames));
    return this.activate(route.service, files, [this.configured, ...target.service.ready]);
  }

  /** Writes one piece of the configuration, checks the whole, activates it and confirms that it is served. */
  private activate(
    piece: string,
    files: pulumi.Input<Record<string, string>>,
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
          STORE: this.store,
          INSIDE: scriptText(__dirname, "nginx-activate-inside.sh"),
        },
        stdin: pulumi.output(files).apply(frame),
      },
      { parent: this, dependsOn: [...dependsOn] },
    );
  }
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

/** The spec of the edge. */
export function nginxSpec(
  name: string,
  args: NginxArgs,
  store: pulumi.Input<string>,
  files: pulumi.Input<string>,
): ServiceSpec {
  const { user, dataPath } = IMAGE_FACTS.nginx[args.variant ?? "debian"];
  return {
    service: name,
    image: args.image,
    user,
    entrypoint: ["sh", `${CONFIG_PATH}/start.sh`],
    environment: { NGINX_STATUS_PORT: String(STATUS_PORT) },
    mounts: [
      { volume: store, path: dataPath, readOnly: false },
      { volume: files, path: CONFIG_PATH, readOnly: true },
    ],
    tmpfs: [{ path: "/tmp", sizeMiB: 64 }],
    networks: [{ segment: args.callsSegment, aliases: [...args.stableNames] }, { segment: args.publicSegment }],
    ports: [{ ...args.publish, containerPort: PUBLIC_PORT }],
    limit: args.limit,
    health: {
      command: httpCheck(PUBLIC_PORT, HEALTH_PATH),
      intervalSeconds: args.runtime.healthIntervalSeconds,
      startPeriodSeconds: 10,
    },
    stop: { signal: "SIGQUIT", graceSeconds: 40 },
    restart: args.runtime.restart,
    update: "stop-first",
  };
}

/** Files under {@link CONFIG_PATH}. */
function nginxFiles(): Record<string, string> {
  return { "start.sh": scriptText(__dirname, "nginx-start.sh"), "boot.conf": renderBootConfig() };
}

/** Files as one text, each behind a line with its name. */
function frame(files: Record<string, string>): string {
  return Object.entries(files)
    .map(([name, content]) => `@@file ${name}\n${content}${content.endsWith("\n") || content === "" ? "" : "\n"}`)
    .join("");
}

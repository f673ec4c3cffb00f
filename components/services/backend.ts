import * as pulumi from "@pulumi/pulumi";

import { Endpoint } from "./nginx";
import { httpCheck } from "../platform/http-check";
import { RenderedService, renderService } from "../platform/service-resources";
import { application, LongRunningArgs } from "./application";

/** Arguments of a stateless HTTP service. */
export interface HttpServiceArgs extends LongRunningArgs {
  /** Port it listens on. */
  readonly port: number;
  /** Answers 2xx once a container can serve requests; it should touch what the service depends on. */
  readonly readinessPath: string;
  /** Containers side by side. @default 1 */
  readonly replicas?: number;
}

/** The HTTP API of a product: any number of replicas, replaced without a lost request. */
export class Backend extends pulumi.ComponentResource implements Endpoint {
  readonly service: RenderedService;
  readonly endpoint: Endpoint["endpoint"];

  constructor(name: string, args: HttpServiceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("dockwright:app:Backend", name, {}, opts);
    this.service = renderHttpService(name, args, this);
    this.endpoint = { service: name, port: args.port, readinessPath: args.readinessPath };
    this.registerOutputs({});
  }
}

/** A stateless HTTP service behind the edge: auto-named containers, new before old. */
export function renderHttpService(name: string, args: HttpServiceArgs, parent: pulumi.Resource): RenderedService {
  const { spec, dependsOn } = application(name, args, parent);
  return renderService(
    args.platform,
    {
      ...spec,
      environment: { ...spec.environment, PORT: String(args.port) },
      health: {
        command: httpCheck(args.port, args.readinessPath),
        intervalSeconds: args.runtime.healthIntervalSeconds,
        startPeriodSeconds: 30,
      },
      stop: { graceSeconds: args.stopGraceSeconds ?? 30 },
      restart: args.runtime.restart,
      update: "start-first",
      replicas: args.replicas ?? 1,
    },
    { parent, dependsOn, transform: args.transform },
  );
}

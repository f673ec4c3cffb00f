import * as pulumi from "@pulumi/pulumi";

import { httpCheck } from "../platform/http-check";
import { RenderedService, renderService } from "../platform/service-resources";
import { application, longRunning, LongRunningArgs } from "./application";
import { Endpoint } from "./nginx";

/** Arguments of a stateless HTTP service. */
export interface HttpServiceArgs extends LongRunningArgs {
  /** Port it listens on. */
  readonly port: number;
  /** Answers 2xx once a container can serve requests; it should touch what the service depends on. */
  readonly readinessPath: string;
  /** Containers side by side. @default 1 */
  readonly replicas?: number;
}

/** A stateless HTTP service behind the edge: auto-named containers, new before old. */
export abstract class HttpService extends pulumi.ComponentResource implements Endpoint {
  readonly service: RenderedService;
  readonly endpoint: Endpoint["endpoint"];

  protected constructor(token: string, name: string, args: HttpServiceArgs, opts?: pulumi.ComponentResourceOptions) {
    super(token, name, {}, opts);
    const { port, readinessPath } = args;
    const { spec, dependsOn } = application(name, args, this);
    this.service = renderService(
      args.platform,
      {
        ...spec,
        ...longRunning(args, httpCheck(port, readinessPath)),
        environment: { ...spec.environment, PORT: String(port) },
        update: "start-first",
        replicas: args.replicas ?? 1,
      },
      { parent: this, dependsOn, transform: args.transform },
    );
    this.endpoint = { service: name, port, readinessPath };
    this.registerOutputs({});
  }
}

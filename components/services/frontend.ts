import * as pulumi from "@pulumi/pulumi";

import { RenderedService } from "../platform/service-resources";
import { HttpServiceArgs, renderHttpService } from "./backend";
import { Endpoint } from "./nginx";

/** The web pages of a product: an HTTP service whose readiness is that it renders, whatever state the API is in. */
export class Frontend extends pulumi.ComponentResource implements Endpoint {
  readonly service: RenderedService;
  readonly endpoint: Endpoint["endpoint"];

  constructor(name: string, args: HttpServiceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("dockwright:app:Frontend", name, {}, opts);
    this.service = renderHttpService(name, args, this);
    this.endpoint = { service: name, port: args.port, readinessPath: args.readinessPath };
    this.registerOutputs({});
  }
}

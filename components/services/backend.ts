import * as pulumi from "@pulumi/pulumi";

import { HttpService, HttpServiceArgs } from "./http-service";

/** The HTTP API of a product: any number of replicas, replaced without a lost request. */
export class Backend extends HttpService {
  constructor(name: string, args: HttpServiceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("dockwright:app:Backend", name, args, opts);
  }
}

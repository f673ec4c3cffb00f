import * as pulumi from "@pulumi/pulumi";

import { HttpService, HttpServiceArgs } from "./http-service";

/** The web pages of a product: an HTTP service whose readiness is that it renders, whatever state the API is in. */
export class Frontend extends HttpService {
  constructor(name: string, args: HttpServiceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("dockwright:app:Frontend", name, args, opts);
  }
}

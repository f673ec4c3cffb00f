import * as pulumi from "@pulumi/pulumi";

import { RenderedService, renderJob } from "../platform/service-resources";
import { application, ApplicationArgs } from "./application";
import { servicesBefore } from "./services-before";

/** Arguments of {@link Migration}. */
export interface MigrationArgs extends ApplicationArgs {
  /** The migration fails when it takes longer. @default 300 */
  readonly timeoutSeconds?: number;
}

/** A one-shot job that brings the schema up to date before any new version of the application starts. */
export class Migration extends pulumi.ComponentResource {
  /** Its containers, and what to wait for until they are ready. */
  readonly service: RenderedService;

  constructor(name: string, args: MigrationArgs, opts?: pulumi.ComponentResourceOptions) {
    super("dockwright:app:Migration", name, {}, opts);
    const { spec, dependsOn } = application(name, args, this);
    this.service = renderJob(
      args.platform,
      { ...spec, timeoutSeconds: args.timeoutSeconds ?? 300 },
      { parent: this, dependsOn, transform: args.transform },
    );
    const waitsFor = servicesBefore(args);
    this.registerOutputs({ waitsFor });
  }
}

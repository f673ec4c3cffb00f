import * as pulumi from "@pulumi/pulumi";

import { RenderedService, renderJob } from "../platform/service-resources";
import { application, ApplicationArgs } from "./application";
import { servicesBefore } from "./services-before";

/** Arguments of {@link Job}. */
export interface JobArgs extends ApplicationArgs {
  /** The job fails when it takes longer. @default 300 */
  readonly timeoutSeconds?: number;
}

/** A container that runs to its end: the update waits for it, and fails where its exit code is not 0. */
export abstract class OneShot extends pulumi.ComponentResource {
  /** Its container, and what to wait for until it has ended well. */
  readonly service: RenderedService;

  protected constructor(token: string, name: string, args: JobArgs, opts?: pulumi.ComponentResourceOptions) {
    super(token, name, {}, opts);
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

/** Work that is done once, and again whenever its image, settings or secrets change; it has to bear being repeated. */
export class Job extends OneShot {
  constructor(name: string, args: JobArgs, opts?: pulumi.ComponentResourceOptions) {
    super("dockwright:app:Job", name, args, opts);
  }
}

import * as pulumi from "@pulumi/pulumi";

import { JobArgs, OneShot } from "./job";

/** Arguments of {@link Migration}. */
export type MigrationArgs = JobArgs;

/** A one-shot job that brings the schema up to date before any new version of the application starts. */
export class Migration extends OneShot {
  constructor(name: string, args: MigrationArgs, opts?: pulumi.ComponentResourceOptions) {
    super("dockwright:app:Migration", name, args, opts);
  }
}

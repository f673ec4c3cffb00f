import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

import { DockerEngine } from "./docker-engine";

/** How a volume that is made anew for each content gets its name. */
export interface FreshNameArgs {
  /** Service the volume belongs to. */
  readonly service: string;
  /** What it is for. */
  readonly purpose: string;
  /** Stands for the content. */
  readonly revision: pulumi.Input<string>;
}

/**
 * A name that is drawn with each content, and never again: also where a content comes back after an update that failed, whose
 * old volume is still there to be deleted. It tells nothing of the content.
 */
export function freshName(
  platform: DockerEngine,
  name: string,
  { service, purpose, revision }: FreshNameArgs,
  parent: pulumi.Resource | undefined,
): pulumi.Output<string> {
  const { hex } = new random.RandomId(
    `${name}-id`,
    { byteLength: 4, keepers: { revision } },
    { ...(parent && { parent }) },
  );
  return pulumi.interpolate`${platform.stableName(service, purpose)}-${hex}`;
}

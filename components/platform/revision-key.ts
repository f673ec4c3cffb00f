import { createHmac } from "node:crypto";

import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

/** Digits of a name for secret content. */
const REVISION_LENGTH = 8;

/** Gives short names to secret contents: with a key, so that nobody finds out by trying what a short one is. */
export class RevisionKey {
  private readonly key: pulumi.Output<string>;

  constructor(name: string, parent: pulumi.Resource) {
    this.key = new random.RandomPassword(name, { length: 32, special: false }, { parent }).result;
  }

  /** A name that changes with the content, and may be shown. */
  revisionOf(content: pulumi.Input<string>): pulumi.Output<string> {
    const digest = pulumi
      .all([this.key, content])
      .apply(([key, text]) => createHmac("sha256", key).update(text).digest("hex").slice(0, REVISION_LENGTH));
    return pulumi.unsecret(digest);
  }
}

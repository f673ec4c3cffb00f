import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

import { Bindable, Binding } from "./binding";

/** Arguments of {@link GivenSecret}. */
export interface GivenSecretArgs {
  /** Variable under which consumers find it: `TELEGRAM_BOT_TOKEN` is announced as `TELEGRAM_BOT_TOKEN_FILE`. */
  readonly variable: string;
  /** The value from the encrypted configuration. Absent: a generated placeholder, for development. */
  readonly value: string | undefined;
}

/** A secret that people hand in, such as a token of another company's API. A new value rolls exactly its consumers. */
export class GivenSecret extends pulumi.ComponentResource implements Bindable {
  /** What it is called. */
  readonly credential: string;
  /** Changes with the value, and tells nothing of it. */
  readonly revision: pulumi.Output<string>;
  private readonly binding: Binding;

  constructor(name: string, args: GivenSecretArgs, opts?: pulumi.ComponentResourceOptions) {
    super("dockwright:secrets:GivenSecret", name, {}, opts);
    const value = args.value !== undefined ? pulumi.secret(args.value) : this.placeholder(name);
    const id = new random.RandomId(`${name}-id`, { byteLength: 4, keepers: { value } }, { parent: this });
    this.credential = name;
    this.revision = id.hex;
    this.binding = { credential: name, files: { [args.variable]: value }, revision: this.revision };
    this.registerOutputs({});
  }

  bind(): Binding {
    return this.binding;
  }

  private placeholder(name: string): pulumi.Output<string> {
    return new random.RandomPassword(`${name}-placeholder`, { length: 24, special: false }, { parent: this }).result;
  }
}

import * as pulumi from "@pulumi/pulumi";
import { RandomString } from "@pulumi/random";

export interface GreetingArgs {
  length: pulumi.Input<number>;
}

/** A component that a program in any language may use: the engine runs this folder as a plugin. */
export class Greeting extends pulumi.ComponentResource {
  readonly text: pulumi.Output<string>;

  constructor(name: string, args: GreetingArgs, opts?: pulumi.ComponentResourceOptions) {
    super("greeter:index:Greeting", name, args, opts);
    const whom = new RandomString(`${name}-whom`, { length: args.length }, { parent: this });
    this.text = pulumi.interpolate`hello ${whom.result}`;
    this.registerOutputs({ text: this.text });
  }
}

import * as pulumi from "@pulumi/pulumi";

class Greeting extends pulumi.ComponentResource {
  declare readonly text: pulumi.Output<string>;

  constructor(name: string, args: { length: number }) {
    super("greeter:index:Greeting", name, { text: undefined, ...args }, {}, true);
  }
}

export const text = new Greeting("greeting", { length: 5 }).text;

import * as pulumi from "@pulumi/pulumi";

interface Note {
  readonly text: string;
}

/** A resource whose provider is part of the program. */
class Shouted extends pulumi.dynamic.Resource {
  declare readonly text: pulumi.Output<string>;
  declare readonly loud: pulumi.Output<string>;

  constructor(name: string, note: Note) {
    super(
      {
        create: ({ text }: Note) => Promise.resolve({ id: `id-${text}`, outs: { text, loud: `${text}!` } }),
        update: (_, __, { text }: Note) => Promise.resolve({ outs: { text, loud: `${text}!!` } }),
      },
      name,
      { loud: undefined, ...note },
    );
  }
}

const shouted = new Shouted("shouted", { text: new pulumi.Config().require("text") });
export const { id, loud } = shouted;

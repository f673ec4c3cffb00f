import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

import { Bindable, Binding } from "./binding";
import { MoveRules, refusing } from "./ring-moves";

/** Arguments that every ring of keys has. */
export interface KeyRingArgs {
  /** Number of the key in use; how it may move, the class says. */
  readonly generation: number;
}

/** A key of a ring. */
export interface RingKey {
  readonly number: number;
  readonly kid: string;
  /** 32 bytes as hex digits; a secret. */
  readonly hex: pulumi.Output<string>;
}

/** What makes a ring. */
interface Ring extends MoveRules {
  /** Type of the component. */
  readonly token: string;
  /** Variable under which consumers find the file. */
  readonly variable: string;
  /** Numbers of the first and the last key. */
  readonly span: readonly [number, number];
  /** Whether data is lost with a key. */
  readonly protect: boolean;
  /** The file as JSON. */
  readonly content: (keys: readonly RingKey[]) => object;
}

/** 32 bytes as hex digits. Not a RandomBytes: its resource id, kept and shown in plain, is the value itself. */
const HEX_KEY = {
  length: 64,
  lower: false,
  upper: false,
  numeric: false,
  special: true,
  overrideSpecial: "0123456789abcdef",
};

/**
 * Keys in one file, of which one is in use and the others are known: while replicas are replaced one after another, each
 * knows what the others use. That holds for neighbouring generations alone, so every other move is refused.
 */
export abstract class KeyRing extends pulumi.ComponentResource implements Bindable {
  private readonly binding: Binding;

  protected constructor(
    name: string,
    { generation }: KeyRingArgs,
    { token, variable, content, ...ring }: Ring,
    opts: pulumi.ComponentResourceOptions = {},
  ) {
    // The inputs are what the engine and `./dev` compare the next generation with.
    const inputs = { generation, mayFall: ring.mayFall };
    super(token, name, inputs, { ...opts, hooks: refusing(name, ring, opts.hooks) });
    const file = pulumi.secret(pulumi.jsonStringify(content(this.keys(name, ring))));
    this.binding = { credential: name, files: { [variable]: file } };
    this.registerOutputs({});
  }

  bind(): Binding {
    return this.binding;
  }

  private keys(name: string, { span: [first, last], protect }: Pick<Ring, "span" | "protect">): RingKey[] {
    return Array.from({ length: last - first + 1 }, (_, index) => {
      const number = first + index;
      const opts = { parent: this, ...(protect && { protect }) };
      const { result } = new random.RandomPassword(`${name}-key-${number}`, HEX_KEY, opts);
      return { number, kid: `k${number}`, hex: result };
    });
  }
}

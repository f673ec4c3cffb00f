import * as pulumi from "@pulumi/pulumi";
import { RandomString } from "@pulumi/random";

/** Every way to change a resource from outside its constructor. */
const longer =
  (by: number): pulumi.ResourceTransform =>
  ({ type, props, opts }) =>
    type === "random:index/randomString:RandomString"
      ? { props: { ...props, length: Number(props.length) + by }, opts }
      : undefined;

pulumi.runtime.registerResourceTransform(longer(100));
// The older kind, which the SDK applies by itself before the engine sees the resource.
pulumi.runtime.registerStackTransformation(({ type, props, opts }) =>
  type === "random:index/randomString:RandomString" ? { props: { ...props, length: 21 }, opts } : undefined,
);

class Pair extends pulumi.ComponentResource {
  readonly length: pulumi.Output<number>;

  constructor(name: string, opts?: pulumi.ComponentResourceOptions) {
    super("test:index:Pair", name, {}, opts);
    this.length = new RandomString(`${name}-child`, { length: 1 }, { parent: this }).length;
    this.registerOutputs();
  }
}

export const plain = new RandomString("plain", { length: 1 }).length;
export const own = new RandomString("own", { length: 1 }, { transforms: [longer(3)] }).length;
export const child = new Pair("pair", { transforms: [longer(5)] }).length;

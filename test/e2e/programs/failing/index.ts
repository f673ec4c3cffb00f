import * as pulumi from "@pulumi/pulumi";
import { RandomId } from "@pulumi/random";

/** Fails in the way that the configuration asks for. */
const inSomeFunction = () => {
  throw new Error("thrown on purpose");
};

const ways: Record<string, () => unknown> = {
  throw: inSomeFunction,
  reject: () => Promise.reject(new Error("rejected on purpose")),
  runError: () => {
    throw new pulumi.RunError("said on purpose");
  },
  exit: () => process.exit(3),
};

new RandomId("before", { byteLength: 2 });
ways[new pulumi.Config().require("way")]?.();

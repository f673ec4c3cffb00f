import * as fs from "node:fs";

import { local } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { RandomId } from "@pulumi/random";

/** Writes down which hook ran, with what it was told. */
const config = new pulumi.Config();
const log = config.require("log");
const version = config.get("version");

const hook = (name: string) =>
  new pulumi.ResourceHook(name, ({ name: resource, newInputs, oldInputs }) => {
    const inputs = [oldInputs, newInputs].map((given) => (given as local.CommandArgs | undefined)?.create as unknown);
    fs.appendFileSync(log, `${name} ${resource} ${JSON.stringify(inputs.map((value) => value ?? null))}\n`);
  });
const hooks: pulumi.ResourceHookBinding = {
  beforeCreate: [hook("beforeCreate")],
  afterCreate: [hook("afterCreate")],
  beforeUpdate: [hook("beforeUpdate")],
  afterUpdate: [hook("afterUpdate")],
  beforeDelete: [hook("beforeDelete")],
  afterDelete: [hook("afterDelete")],
};
const refuse = new pulumi.ResourceHook("refuse", () => {
  throw new Error("no creation today");
});

if (version !== undefined) {
  new local.Command("watched", { create: `echo ${version}`, update: `echo ${version}` }, { hooks });
}
if (config.getBoolean("refused")) {
  new RandomId("refused", { byteLength: 4 }, { hooks: { beforeCreate: [refuse] } });
}

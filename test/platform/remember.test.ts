import { spawnSync } from "node:child_process";

import * as pulumi from "@pulumi/pulumi";

import { remember } from "../../components/platform/remember";
import { graph } from "../support/harness";

/** What a stack with this command gets, and what it hears of it. */
async function remembered(environment: Record<string, pulumi.Input<string>>) {
  let heard: string | undefined;
  const result = await graph({}, () => {
    const parent = new pulumi.ComponentResource("test:index:Parent", "parent");
    remember("ages", "echo now", environment, { parent }).apply((text) => (heard = text));
  });
  return { heard, node: result.get(":Command", "ages") };
}

test("a script runs on create and on update, is told what it printed before, and stays out of logs", async () => {
  const { node } = await remembered({ NAME: "one" });
  expect(node.parent).toBe("Parent parent");
  expect(node.inputs).toEqual({
    create: 'sh -c "$SCRIPT"',
    update: 'sh -c "$SCRIPT"',
    environment: { NAME: "one", SCRIPT: "echo now" },
    logging: "none",
    addPreviousOutputInEnv: true,
  });
});

test("it is asked again only where a parameter changes: the same ones are the same inputs", async () => {
  const inputs = async (name: string) => (await remembered({ NAME: pulumi.output(name) })).node.inputs;
  expect(await inputs("one")).toEqual(await inputs("one"));
  expect(await inputs("two")).not.toEqual(await inputs("one"));
});

test("mocks print nothing, and a program's own tests go on", async () => {
  expect((await remembered({})).heard).toBe("");
});

test("the command line runs the script with the shell, as the provider does", async () => {
  const { create } = (await remembered({})).node.inputs;
  const SCRIPT = 'printf "%s after %s" "$NAME" "$PULUMI_COMMAND_STDOUT"';
  const env = { PATH: process.env.PATH ?? "", SCRIPT, NAME: "one", PULUMI_COMMAND_STDOUT: "zero" };
  const { stdout } = spawnSync("/bin/sh", ["-c", create as string], { encoding: "utf8", env });
  expect(stdout).toBe("one after zero");
});

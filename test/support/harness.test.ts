import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

import { failing, graph, hexOf } from "./harness";

class Group extends pulumi.ComponentResource {
  constructor(name: string) {
    super("test:group:Group", name);
    new random.RandomId(`${name}-id`, { byteLength: 4 }, { parent: this });
    this.registerOutputs({});
  }
}

test("waits for what is registered inside apply", async () => {
  const { nodes } = await graph({}, () => {
    const first = new random.RandomId("first", { byteLength: 4 });
    first.hex.apply(() => new random.RandomId("second", { byteLength: 4 }).hex.apply(() => new Group("third")));
  });
  expect(nodes.map(({ name }) => name)).toEqual(["third", "first", "second", "third-id"]);
});

test("throws what the program throws, after all registrations have ended", async () => {
  const broken = () => {
    new Group("group");
    throw new Error("broken");
  };
  await expect(graph({}, broken)).rejects.toThrow("broken");
  const { failure, nodes } = await failing({}, broken);
  expect(failure).toBe("broken");
  expect(nodes).toHaveLength(2);
});

test("a program that should throw and does not is an error", async () => {
  await expect(failing({}, () => undefined)).rejects.toThrow("the program did not throw");
});

test("redacts secrets at any depth, and those that providers mark", async () => {
  const result = await graph({}, () => {
    const password = new random.RandomPassword("password", { length: 8 });
    new random.RandomId("id", {
      byteLength: 4,
      keepers: { given: pulumi.secret("x"), made: pulumi.interpolate`a-${password.result}`, plain: "y" },
    });
  });
  const { inputs, revealed } = result.get(":RandomId", "id");
  expect(inputs.keepers).toEqual({ given: "[secret]", made: "[secret]", plain: "y" });
  expect(revealed.keepers).toEqual({ given: "x", made: "a-pw-password", plain: "y" });
});

test("shows options, parents and dependencies as the engine would get them", async () => {
  const result = await graph({}, () => {
    const parent = new Group("group");
    const other = new random.RandomId("other", { byteLength: 4 });
    const options = { parent, deleteBeforeReplace: false, protect: true, ignoreChanges: ["a"], dependsOn: [other] };
    new random.RandomId("id", { byteLength: 4 }, options);
  });
  const { parent, options } = result.get(":RandomId", "id");
  expect(parent).toBe("Group group");
  expect(options).toEqual({
    deleteBeforeReplace: false,
    protect: true,
    ignoreChanges: ["a"],
    dependsOn: ["RandomId other"],
  });
  expect(result.get(":RandomId", "other").options).toEqual({});
  expect(result.childrenOf("Group group")).toEqual(["RandomId group-id", "RandomId id"]);
});

test("gives another id for other keepers only", () => {
  expect(hexOf("id", { generation: "1" })).toMatch(/^[0-9a-f]{8}$/);
  expect(hexOf("id", { generation: "1" })).toBe(hexOf("id", { generation: "1" }));
  expect(hexOf("id", { generation: "1" })).not.toBe(hexOf("id", { generation: "2" }));
});

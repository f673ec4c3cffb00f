// What the settings say of a program, for the memory and the connections that an update takes, is what the program does.
import { z } from "zod";

import { parseSettings } from "../../components/settings/load-settings";
import { Node } from "../support/harness";
import { completeValues, stackGraph, SYSTEMS } from "../support/stacks";
import { unwrap } from "./rules";
import { changed, load } from "./system-cases";

function labelOf({ inputs }: Node, name: string): string | undefined {
  const labels = (inputs.labels ?? []) as { label: string; value: string }[];
  return labels.find(({ label }) => label === `dockwright.${name}`)?.value;
}

describe.each(SYSTEMS)("$project", (system) => {
  let containers: Node[];

  beforeAll(async () => {
    const { graph } = await stackGraph("dev", {}, system);
    containers = graph.ofType(":Container").filter((node) => ["service", "job"].includes(labelOf(node, "role") ?? ""));
  });

  test("versions run side by side where containers have no stable name", async () => {
    const { inner } = unwrap((await load(system)).schema.shape["limits"] as z.ZodType);
    const limits = Object.entries((inner as z.ZodObject).shape);
    const declared = limits.filter(([, limit]) => limit.meta()?.["x-overlap"] === true).map(([service]) => service);
    const overlapping = containers.filter((node) => labelOf(node, "role") === "service" && !node.inputs.name);
    expect(declared.sort()).toEqual(overlapping.map((node) => labelOf(node, "service")).sort());
  });

  test("every service with a login to the database is counted among its connections", async () => {
    const { schema } = await load(system);
    const values = changed({ schema, values: completeValues("dev", system) }, { "database.maxConnections": 20 });
    const [problem] = parseSettings(schema, values).problems;
    const counted = [...(problem?.want ?? "").matchAll(/\d+ of ([\w-]+)/g)].map(([, service]) => service);
    const connected = containers.filter((node) => String(node.inputs.envs).includes("DATABASE_URL_FILE="));
    expect(counted.sort()).toEqual(connected.map((node) => labelOf(node, "service")).sort());
  });
});

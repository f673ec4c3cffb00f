// The two systems of this repository, for what the documentation shows of them.
import { join } from "node:path";
import { settingsOf } from "../doctor/settings.mts";
import { projectName, readYaml } from "../project.mts";
import { type Topology, topologyOf } from "../topology/model.mts";
import { mockedRun } from "./mocked-run.mts";

export interface System {
  readonly title: string;
  /** Folder of its program. */
  readonly root: string;
  /** The environment that its picture shows. */
  readonly pictured: string;
  /** Name of the picture. */
  readonly picture: string;
}

export const STACKS = ["dev", "staging", "prod"] as const;

export function systemsOf(root: string): System[] {
  return [
    { title: "Lunch Bot", root, pictured: "prod", picture: "topology.svg" },
    {
      title: "Task Tracker",
      root: join(root, "examples", "task-tracker"),
      pictured: "staging", // prod has its certificate where it is deployed from
      picture: "topology-task-tracker.svg",
    },
  ];
}

/** The committed values of an environment, without the project's prefix. */
export function valuesOf({ root }: System, stack: string): Record<string, unknown> {
  return settingsOf(readYaml(join(root, `Pulumi.${stack}.yaml`)) ?? {}, projectName(root));
}

/** What an environment consists of. Its images do not matter, and what people hand in is not known here. */
export async function stackTopology(system: System, stack: string): Promise<Topology> {
  const { images } = valuesOf(system, system.pictured);
  const values = { ...valuesOf(system, stack), images, given: { allowPlaceholders: true } };
  return topologyOf(await mockedRun({ root: system.root, project: projectName(system.root), stack, values }));
}

import * as pulumi from "@pulumi/pulumi";

/** Why a container, network or volume exists; tools select by it. */
export type Role = "service" | "job" | "files" | "probe" | "network" | "data" | "config" | "secret";

/** What every Docker object of a stack is marked with. Static: an object keeps those that it was made with. */
export interface Labels {
  /** Name of the Pulumi project. */
  readonly "dockwright.project": string;
  /** Name of the stack. */
  readonly "dockwright.stack": string;
  /** Id of the stack, drawn at random: whose it is where several states use the same names. */
  readonly "dockwright.stack-id": pulumi.Input<string>;
  /** Name of the service it belongs to. */
  readonly "dockwright.service": string;
  /** Why it exists. */
  readonly "dockwright.role": Role;
}

/** A label as the docker provider takes it. */
export interface Label {
  readonly label: pulumi.Input<string>;
  readonly value: pulumi.Input<string>;
}

/**
 * The property in which networks, volumes and helpers may differ from what the program says: each gets the id of its stack
 * when it is made, and those that were there before keep their labels. To change one would replace the object.
 */
export const KEEPS_LABELS = "labels";

/** Labels as the docker provider takes them, sorted by name. */
export function labelList(labels: Labels): Label[] {
  return Object.entries(labels as unknown as Record<string, pulumi.Input<string>>)
    .map(([label, value]) => ({ label, value }))
    .sort((a, b) => a.label.localeCompare(b.label));
}

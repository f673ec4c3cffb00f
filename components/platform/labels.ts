/** Why a container, network or volume exists; tools select by it. */
export type Role = "service" | "job" | "files" | "probe" | "network" | "data" | "config" | "secret";

/** What every Docker object of a stack is marked with. Static: a changed label would replace the object. */
export interface Labels {
  /** Name of the Pulumi project. */
  readonly "dockwright.project": string;
  /** Name of the stack. */
  readonly "dockwright.stack": string;
  /** Name of the service it belongs to. */
  readonly "dockwright.service": string;
  /** Why it exists. */
  readonly "dockwright.role": Role;
}

/** Labels as the docker provider takes them, sorted by name. */
export function labelList(labels: Labels): { label: string; value: string }[] {
  return Object.entries(labels)
    .map(([label, value]) => ({ label, value: String(value) }))
    .sort((a, b) => a.label.localeCompare(b.label));
}

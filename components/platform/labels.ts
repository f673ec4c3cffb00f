/** Why a container, network or volume exists; tools select by it. */
export type Role = "service" | "job" | "files" | "probe" | "network" | "data" | "config" | "secret";

/** What every Docker object of a stack is marked with. Static: a changed label would replace the object. */
export interface Labels {
  readonly "dockwright.project": string;
  readonly "dockwright.stack": string;
  readonly "dockwright.service": string;
  readonly "dockwright.role": Role;
}

/** Labels as the docker provider takes them, sorted by name. */
export function labelList(labels: Labels): { label: string; value: string }[] {
  return Object.entries(labels)
    .map(([label, value]) => ({ label, value: String(value) }))
    .sort((a, b) => a.label.localeCompare(b.label));
}

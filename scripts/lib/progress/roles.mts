// What a resource is to the service it belongs to, by the library's names: `<service>-<role>`.
import { nameOf, type Step, typeOf } from "./events.mts";

export type Role = "component" | "gate" | "container" | "login" | "setup" | "route" | "files";

/** Most telling first. */
export const ROLES: readonly Role[] = ["gate", "container", "login", "setup", "route", "files", "component"];

const NOT_SERVICES = new Set(["platform", "secrets"]);

/** Is this type a component of the library that runs containers? */
export function isService(type: string): boolean {
  const [library, group = ""] = type.split(":");
  return library === "dockwright" && !NOT_SERVICES.has(group);
}

function commandRole(step: Step, ownerUrn: string): Role {
  const name = nameOf(step.urn);
  const owner = nameOf(ownerUrn);
  if (name.endsWith("-gate")) return "gate";
  if (name.endsWith("-login")) return "login";
  // The edge itself is one piece of its configuration; the others are the routes, named after their services.
  if (typeOf(ownerUrn).startsWith("dockwright:edge:") && name !== `${owner}-config`) return "route";
  return "setup";
}

export function roleOf(step: Step, ownerUrn: string): Role {
  const type = typeOf(step.urn);
  if (type.startsWith("dockwright:")) return "component";
  if (type.startsWith("command:")) return commandRole(step, ownerUrn);
  if (type === "docker:index/container:Container" && !step.urn.endsWith("-files")) return "container";
  return "files";
}

/** The part of a resource's name that is its own: `database` of `backend-database-login`. */
export function shortName(urn: string, ownerUrn: string): string {
  const name = nameOf(urn);
  const owner = `${nameOf(ownerUrn)}-`;
  return (name.startsWith(owner) ? name.slice(owner.length) : name).replace(/-(login|gate)$/, "");
}

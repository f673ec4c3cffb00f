// What an update has come to, from the engine's events alone.
import { type Diagnostic, type EngineEvent, nameOf, plainText, type Step, typeOf } from "./events.mts";
import { isService, type Role, roleOf, shortName } from "./roles.mts";

/** A step under way. */
export interface Task {
  readonly role: Role;
  readonly op: string;
  /** The resource's own part of its name. */
  readonly name: string;
  readonly since: number;
}

export interface Service {
  readonly urn: string;
  readonly name: string;
  /** The component's class, for example `Postgres`. */
  readonly kind: string;
  /** Names of the services whose readiness it waits for. */
  waitsFor: readonly string[];
  readonly tasks: Map<string, Task>;
  /** Containers there are to be, and those of them whose gate has let them through. */
  containers: number;
  gated: number;
  /** Anything of it is created, changed or removed. */
  changed: boolean;
  /** A container that ran before is replaced. */
  replaced: boolean;
  removed: boolean;
  failed: boolean;
  /** From its first container's beginning to its last gate's end. */
  startedAt?: number;
  endedAt?: number;
}

/** Everything that belongs to no single service, by kind: networks, secrets, others. */
export type Kind = "network" | "secret" | "other";

const REMOVALS = new Set(["delete", "delete-replaced", "discard", "discard-replaced"]);
/** Steps that do nothing: what stays as it is, and the heading of a replacement. */
const IDLE = new Set(["same", "replace"]);

export const removes = (op: string): boolean => REMOVALS.has(op);

export class Progress {
  readonly services = new Map<string, Service>();
  readonly routes = { active: new Set<string>(), tasks: new Map<string, Task>() };
  readonly shared = { done: new Map<Kind, number>(), tasks: new Map<string, Task>() };
  readonly diagnostics: Diagnostic[] = [];
  /** URNs of the steps that failed. */
  readonly failed = new Set<string>();
  /** Steps that changed something and are done. */
  changesMade = 0;
  /** The engine's own count, by operation, once it is done. */
  changes: Readonly<Record<string, number>> | undefined;
  /** The program has told of its first resource. */
  begun = false;
  ended = false;
  /** The stack is taken down. */
  readonly takesDown: boolean;
  private readonly parents = new Map<string, string>();

  constructor(takesDown = false) {
    this.takesDown = takesDown;
  }

  apply(event: EngineEvent, now: number): void {
    if (event.resourcePreEvent) this.begin(event.resourcePreEvent.metadata, now);
    else if (event.resOutputsEvent) this.finish(event.resOutputsEvent.metadata, now);
    else if (event.resOpFailedEvent) this.fail(event.resOpFailedEvent.metadata);
    else if (event.diagnosticEvent) this.diagnose(event.diagnosticEvent);
    else if (event.summaryEvent) this.changes = event.summaryEvent.resourceChanges ?? {};
    else if (event.cancelEvent) this.ended = true;
  }

  /** The service that a resource belongs to: its nearest ancestor that is one. */
  owner(urn: string): Service | undefined {
    for (let at: string | undefined = urn; at !== undefined; at = this.parents.get(at)) {
      const service = this.services.get(at);
      if (service) return service;
    }
    // While a stack is taken down, children go before their parents are heard of.
    if (!urn.includes("::dockwright:")) return undefined;
    const candidates = [...this.services.values()].filter(({ name }) => nameOf(urn).startsWith(`${name}-`));
    return candidates.sort((a, b) => b.name.length - a.name.length)[0];
  }

  private begin(step: Step, now: number): void {
    this.begun = true;
    const parent = step.new?.parent ?? step.old?.parent;
    if (parent !== undefined) this.parents.set(step.urn, parent);
    for (const urn of [parent, step.urn]) if (urn !== undefined && isService(typeOf(urn))) this.meet(urn);
    if (IDLE.has(step.op)) return;
    const owner = this.owner(step.urn);
    const role = roleOf(step, owner?.urn ?? step.urn);
    if (owner) owner.changed = true;
    if (role === "component") return;
    const task = { role, op: step.op, name: shortName(step.urn, owner?.urn ?? step.urn), since: now };
    if (owner && (role === "container" || role === "gate")) this.startWork(owner, task, now);
    this.tasksFor(owner, role).set(step.urn, task);
  }

  private finish(step: Step, now: number): void {
    const owner = this.owner(step.urn);
    const role = roleOf(step, owner?.urn ?? step.urn);
    if (owner && role === "component" && step.urn === owner.urn) {
      const waitsFor = step.new?.outputs?.["waitsFor"];
      if (Array.isArray(waitsFor)) owner.waitsFor = waitsFor.map(String);
    }
    this.tasksFor(owner, role).delete(step.urn);
    if (!IDLE.has(step.op) && role !== "component") this.changesMade++;
    if (role === "route") this.routed(shortName(step.urn, owner?.urn ?? ""), step.op);
    else if (owner) settle(owner, role, step.op, now);
    else if (!IDLE.has(step.op)) this.count(typeOf(step.urn));
  }

  private fail(step: Step): void {
    const owner = this.owner(step.urn);
    this.tasksFor(owner, roleOf(step, owner?.urn ?? step.urn)).delete(step.urn);
    this.failed.add(step.urn);
    if (owner) owner.failed = true;
  }

  private diagnose(diagnostic: Diagnostic): void {
    if (diagnostic.ephemeral) return;
    this.diagnostics.push({ ...diagnostic, message: plainText(diagnostic.message) });
    const owner = diagnostic.severity === "error" && diagnostic.urn ? this.owner(diagnostic.urn) : undefined;
    if (owner) owner.failed = true;
  }

  private meet(urn: string): void {
    if (this.services.has(urn)) return;
    const kind = typeOf(urn).split(":").at(-1) ?? "";
    const idle = { changed: false, replaced: false, removed: false, failed: false, containers: 0, gated: 0 };
    this.services.set(urn, { urn, name: nameOf(urn), kind, waitsFor: [], tasks: new Map(), ...idle });
  }

  private startWork(service: Service, { op, role }: Task, now: number): void {
    if (removes(op)) return;
    service.startedAt ??= now;
    if (op === "create-replacement" && role === "container") service.replaced = true;
  }

  private tasksFor(owner: Service | undefined, role: Role): Map<string, Task> {
    if (role === "route") return this.routes.tasks;
    return owner ? owner.tasks : this.shared.tasks;
  }

  private routed(route: string, op: string): void {
    if (op === "delete") this.routes.active.delete(route);
    else if (!IDLE.has(op) && !removes(op)) this.routes.active.add(route);
  }

  private count(type: string): void {
    if (type.startsWith("pulumi:")) return;
    const secret = type.startsWith("random:") || type.startsWith("dockwright:secrets:");
    const kind: Kind = type.includes(":Network") ? "network" : secret ? "secret" : "other";
    if (!type.startsWith("dockwright:")) this.shared.done.set(kind, (this.shared.done.get(kind) ?? 0) + 1);
  }
}

function settle(service: Service, role: Role, op: string, now: number): void {
  if (removes(op)) {
    if (role === "container" && op === "delete") service.removed = true;
  } else if (role === "container") {
    if (op !== "replace") service.containers++;
  } else if (role === "gate" && op !== "replace") {
    service.gated++;
    service.endedAt = now;
  }
}

// What is said of a service, in a few words.
import { type Progress, removes, type Service, type Task } from "./model.mts";
import { ROLES } from "./roles.mts";

export type Phase =
  "waiting" | "idle" | "busy" | "starting" | "ready" | "unchanged" | "stopping" | "removed" | "failed";

export interface Standing {
  readonly phase: Phase;
  readonly words: string;
  /** Milliseconds that belong to the words, where any do. */
  readonly time?: number;
}

/** Clearing away gates and files takes no time and means nothing to anybody. */
const isTelling = ({ role, op }: Task): boolean => !removes(op) || role === "container" || role === "login";

/** The one step under way that tells most. */
function mostTelling(tasks: Iterable<Task>): Task | undefined {
  return [...tasks]
    .filter(isTelling)
    .sort((a, b) => ROLES.indexOf(a.role) - ROLES.indexOf(b.role) || a.since - b.since)[0];
}

function removing({ role, op, name }: Task): string {
  if (role === "container") return op === "delete" ? "stopping" : "stopping its old container";
  return `revoking its ${op === "delete" ? "" : "old "}${name} login`;
}

function doing(task: Task, kind: string): string {
  if (removes(task.op)) return removing(task);
  if (task.role === "gate") return kind === "Migration" ? "running" : "starting, waiting for readiness";
  if (task.role === "container") return task.op === "update" ? "changing its container" : "creating its container";
  if (task.role === "login") return `getting its ${task.name} login`;
  if (task.role === "setup") return `setting up its ${task.name}`;
  return "preparing its files and secrets";
}

const isDone = ({ containers, gated }: Service): boolean => gated > 0 && gated >= containers;

/** Names of the services that a service still waits for. */
function awaited(service: Service, services: readonly Service[]): string[] {
  return service.waitsFor.filter((name) => !services.some((other) => other.name === name && isDone(other)));
}

function done(service: Service): Standing {
  if (!service.changed) return { phase: "unchanged", words: "unchanged" };
  if (service.startedAt === undefined) return { phase: "ready", words: "updated" };
  const word = service.kind === "Migration" ? "done" : "ready";
  const time = Math.max(0, (service.endedAt ?? service.startedAt) - service.startedAt);
  return { phase: "ready", words: service.replaced ? `replaced, ${word}` : word, time };
}

/** How a service stands now. */
export function standing(service: Service, progress: Progress, now: number): Standing {
  if (service.failed) return { phase: "failed", words: "failed" };
  const task = mostTelling(service.tasks.values());
  if (task) {
    const notable = task.role === "gate" ? "starting" : "stopping";
    const phase = task.role === "gate" || (task.role === "container" && removes(task.op)) ? notable : "busy";
    return { phase, words: doing(task, service.kind), time: now - task.since };
  }
  if (isDone(service)) return done(service);
  if (service.removed) return { phase: "removed", words: "removed" };
  if (progress.takesDown) return { phase: "idle", words: "to be removed" };
  if (service.startedAt !== undefined) return { phase: "idle", words: "starting" };
  const names = awaited(service, [...progress.services.values()]);
  if (names.length === 0) return { phase: "idle", words: "about to start" };
  return { phase: "waiting", words: `waits for ${names.join(", ")}` };
}

/** Services in the order in which they can start, those of one rank by name. */
export function inOrder(progress: Progress): Service[] {
  const services = [...progress.services.values()];
  const rank = (service: Service, seen: readonly string[] = []): number => {
    const before = services.filter(({ name }) => service.waitsFor.includes(name) && !seen.includes(name));
    return Math.max(0, ...before.map((other) => 1 + rank(other, [...seen, service.name])));
  };
  const ranks = new Map(services.map((service) => [service, rank(service)]));
  const order = (service: Service): number => ranks.get(service) ?? 0;
  return services.sort((a, b) => order(a) - order(b) || a.name.localeCompare(b.name));
}

// Who holds a host port? Asked before anything is created.
import type { StackId } from "./backend.mts";

export interface Publisher {
  readonly name: string;
  readonly ports: string;
  readonly project: string;
  readonly stack: string;
}

/** Parses `docker ps` lines of the form name, ports, project, stack, separated by tabs. */
export function parsePublisher(line: string): Publisher {
  const [name = "", ports = "", project = "", stack = ""] = line.split("\t");
  return { name, ports, project, stack };
}

/** Whether a `Ports` column such as `127.0.0.1:8080->80/tcp, :::9000-9002->9000-9002/tcp` publishes the host port. */
export function publishes(ports: string, port: number): boolean {
  return ports.split(",").some((entry) => {
    const match = /:(\d+)(?:-(\d+))?->[\d-]+\/tcp/.exec(entry);
    return match !== null && port >= Number(match[1]) && port <= Number(match[2] ?? match[1]);
  });
}

export function isOwn(publisher: Publisher, { project, stack }: StackId): boolean {
  return publisher.project === project && publisher.stack === stack;
}

export function describePublisher({ name, project, stack }: Publisher): string {
  const owner = project ? ` of project ${project}, stack ${stack || "unknown"}` : "";
  return `container ${name}${owner}`;
}

/** The process in an answer of `ss -ltnpH` or `lsof -nP -F pc`, as `nginx (pid 42)`. */
export function parseListener(text: string): string | undefined {
  const bySs = /users:\(\("([^"]+)",pid=(\d+)/.exec(text);
  if (bySs) return `${bySs[1]} (pid ${bySs[2]})`;
  const byLsof = /^p(\d+)\n(?:.*\n)*?c(.+)$/m.exec(text);
  return byLsof ? `${byLsof[2]} (pid ${byLsof[1]})` : undefined;
}

// Docker as seen through this project's labels. Everything here goes through the docker CLI and its DOCKER_HOST.
import type { StackId } from "./backend.mts";
import { capture, lines, output } from "./run.mts";

export type Kind = "container" | "network" | "volume";

export interface Labelled extends StackId {
  readonly kind: Kind;
  /** What the Pulumi state calls it: full id of a container or network, name of a volume. */
  readonly id: string;
  readonly name: string;
  readonly role: string;
  /** Id of the stack that made it; empty where an earlier version did. */
  readonly stackId: string;
}

function ours({ project, stack }: StackId): string[] {
  return ["--filter", `label=dockwright.project=${project}`, "--filter", `label=dockwright.stack=${stack}`];
}

const LISTINGS: readonly { kind: Kind; args: readonly string[]; id: string; name: string }[] = [
  { kind: "container", args: ["ps", "--all", "--no-trunc"], id: "{{.ID}}", name: "{{.Names}}" },
  { kind: "network", args: ["network", "ls", "--no-trunc"], id: "{{.ID}}", name: "{{.Name}}" },
  { kind: "volume", args: ["volume", "ls"], id: "{{.Name}}", name: "{{.Name}}" },
];

const LABELS = ["project", "stack", "stack-id", "role"].map((name) => `{{.Label "dockwright.${name}"}}`);

function list(filters: readonly string[]): Labelled[] {
  return LISTINGS.flatMap(({ kind, args, id, name }) => {
    const format = [id, name, ...LABELS].join("\t");
    return lines(output("docker", [...args, ...filters, "--format", format])).map((line) => {
      const [itsId = "", itsName = "", project = "", stack = "", stackId = "", role = ""] = line.split("\t");
      return { kind, id: itsId, name: itsName, project, stack, stackId, role };
    });
  });
}

/** Everything in Docker with the labels of this project and stack: containers first, volumes last. */
export const listLabelled = (stack: StackId): Labelled[] => list(ours(stack));

/** Everything in Docker that some stack made, whichever. */
export const listAll = (): Labelled[] => list(["--filter", "label=dockwright.project"]);

/** What the docker command is told to take away one of a kind. */
export const REMOVALS: Record<Kind, readonly string[]> = {
  container: ["rm", "--force"], // not --volumes: a data volume may be attached
  network: ["network", "rm"],
  volume: ["volume", "rm"],
};

/** Removes one thing; what is already gone counts as removed. Returns Docker's complaint otherwise. */
export function remove({ kind, id }: Labelled): string | undefined {
  // Within its own grace: a server that is killed while it lays out a fresh data volume leaves one that never starts.
  if (kind === "container") capture("docker", ["stop", id]);
  const done = capture("docker", [...REMOVALS[kind], id]);
  if (done.status === 0 || /no such|not found|is already in progress/i.test(done.stderr)) return undefined;
  return done.stderr.trim();
}

export function inspect(ids: readonly string[]): unknown[] {
  if (ids.length === 0) return [];
  const done = capture("docker", ["inspect", "--type", "container", ...ids]);
  return JSON.parse(done.stdout || "[]") as unknown[]; // ids that have gone meanwhile are simply not in the answer
}

export function serviceIds(stack: StackId): string[] {
  const filters = [...ours(stack), "--filter", "label=dockwright.role=service"];
  return lines(output("docker", ["ps", "--all", "--quiet", "--no-trunc", ...filters]));
}

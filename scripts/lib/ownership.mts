// Whose is what stands in Docker? Names of project and stack are chosen by people, and may be chosen twice: by somebody
// with a state of their own, or by a project whose names come out the same. The stack's id tells them apart.
import type { StackId } from "./backend.mts";
import { type Labelled, listAll } from "./docker.mts";
import { count, UserError } from "./run.mts";

/** What of a state says what is its own. */
export interface Owner {
  readonly ids: ReadonlySet<string>;
  readonly stackIds: readonly string[];
}

/** A state of which nothing is there yet. */
export const NOBODY: Owner = { ids: new Set(), stackIds: [] };

/** What an owner must not touch. */
export interface Foreign {
  /** Of a stack of the same name that another state made. */
  readonly namesakes: readonly Labelled[];
  /** Of stacks with other labels whose names come out the same: `shop-prod` and `eu`, `shop` and `prod-eu`. */
  readonly homonyms: readonly Labelled[];
  /** Volumes that the state knows by their names, and that others made anew. */
  readonly claimed: readonly Labelled[];
}

const isData = ({ kind, role }: Labelled): boolean => kind === "volume" && (role === "" || role === "data");

/** A volume may be made anew under its name, so that there the label counts; an id of Docker's is never used twice. */
export function isOwn(item: Labelled, { ids, stackIds }: Owner): boolean {
  if (stackIds.includes(item.stackId)) return true;
  return ids.has(item.id) && (item.kind !== "volume" || item.stackId === "");
}

/** What of all that is in Docker is not the owner's, and in its way. Data without an id is nobody's: it is adopted. */
export function foreignTo(stack: StackId, owner: Owner, all: readonly Labelled[]): Foreign {
  const isNamed = (item: Labelled): boolean => item.project === stack.project && item.stack === stack.stack;
  const prefix = (item: StackId): string => `${item.project}-${item.stack}`;
  const others = all.filter((item) => !isNamed(item));
  const strangers = all.filter((item) => isNamed(item) && !isOwn(item, owner));
  const claimed = [...others, ...strangers].filter(({ kind, id }) => kind === "volume" && owner.ids.has(id));
  return {
    namesakes: strangers.filter((item) => !(isData(item) && item.stackId === "")),
    homonyms: others.filter((item) => prefix(item) === prefix(stack)),
    claimed,
  };
}

/** What an interrupted update left behind: the owner's, unknown to the state, and no data. Data volumes are adopted. */
export function orphans(labelled: readonly Labelled[], owner: Owner): Labelled[] {
  return labelled.filter((item) => isOwn(item, owner) && !isData(item) && !owner.ids.has(item.id));
}

const NAMED = 6;

function names(items: readonly Labelled[]): string {
  const named = items.slice(0, NAMED).map(({ kind, name }) => `${kind} ${name}`);
  return [...named, ...(items.length > NAMED ? [`${items.length - NAMED} more`] : [])].join(", ");
}

const REMOVALS = { container: "docker rm --force", network: "docker network rm", volume: "docker volume rm" } as const;

function removals(items: readonly Labelled[]): string[] {
  return Object.entries(REMOVALS).flatMap(([kind, command]) => {
    const own = items.filter((item) => item.kind === kind).map(({ name }) => name);
    return own.length > 0 ? [`${command} ${own.join(" ")}`] : [];
  });
}

/** Why the owner cannot go on, a problem a group with its way out; nothing where it can. */
export function foreignProblems(stack: StackId, { namesakes, homonyms }: Foreign): { text: string; fix: string }[] {
  const marked = namesakes.filter(({ stackId }) => stackId !== "");
  const unmarked = namesakes.filter(({ stackId }) => stackId === "");
  const ids = [...new Set(marked.map(({ stackId }) => stackId))].join(", ");
  const own = `${stack.stack} of ${stack.project}`;
  return [
    ...(marked.length > 0
      ? [
          {
            text: `want none but the stack's own, got ${names(marked)}: another state's stack ${own} (id ${ids})`,
            fix: `work with that state, or choose another name; is that state lost: ./dev up ${stack.stack} --adopt`,
          },
        ]
      : []),
    ...(unmarked.length > 0
      ? [
          {
            text: `want none but the stack's own, got ${names(unmarked)}: of ${own}, and unknown to this state`,
            fix: `work with the state that made them; is nobody left who needs them: ${removals(unmarked).join("; ")}`,
          },
        ]
      : []),
    ...(homonyms.length > 0
      ? [
          {
            text: `want names that no other stack has, got ${names(homonyms)} of ${describeStacks(homonyms)}`,
            fix: `choose another name for the project or the stack: both begin their names with ${stack.project}-${stack.stack}`,
          },
        ]
      : []),
  ];
}

function describeStacks(items: readonly Labelled[]): string {
  return [...new Set(items.map(({ project, stack }) => `stack ${stack} of ${project}`))].join(", ");
}

/** @throws UserError where objects of others are in the stack's way */
export function refuseForeign(stack: StackId, owner: Owner): void {
  const problems = foreignProblems(stack, foreignTo(stack, owner, listAll()));
  if (problems.length === 0) return;
  throw new UserError(
    `stack ${stack.stack} of ${stack.project} is not alone here: ${count(problems.length, "problem")}, nothing was changed`,
    ...problems.flatMap(({ text, fix }) => [text, `  fix: ${fix}`]),
  );
}

/** @throws UserError where taking the stack down would take volumes of others: the state knows them by name alone */
export function refuseClaimed(stack: StackId, owner: Owner): void {
  const { claimed } = foreignTo(stack, owner, listAll());
  if (claimed.length === 0) return;
  throw new UserError(
    `the state of stack ${stack.stack} names volumes that others made, nothing was changed`,
    ...claimed.map(({ name, project, stack, stackId }) => `${name}: of stack ${stack} of ${project}, id ${stackId}`),
    `if they are to stay, have this state forget them: ./dev pulumi state delete URN --stack ${stack.stack}`,
  );
}

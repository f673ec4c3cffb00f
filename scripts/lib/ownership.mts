// Whose is what stands in Docker? Names of project and stack are chosen by people, and may be chosen twice: by somebody
// with a state of their own, or by a project whose names come out the same. The stack's id tells them apart.
import type { StackId } from "./backend.mts";
import { type Labelled, listAll, REMOVALS } from "./docker.mts";
import { count, UserError } from "./run.mts";

/** What of a state says what is its own. */
export interface Owner {
  readonly ids: ReadonlySet<string>;
  readonly stackIds: readonly string[];
  /** Ids of lost states: what bears one is its own where it is data, and of somebody at work on that state elsewhere. */
  readonly dataIds: readonly string[];
  /** Ids that it labelled its volumes with. */
  readonly volumeIds: readonly string[];
  /** Whether it takes over data of an earlier version, on which there is no id. */
  readonly adopts?: boolean;
}

/** A state of which nothing is there yet. */
export const NOBODY: Owner = { ids: new Set(), stackIds: [], dataIds: [], volumeIds: [] };

/** What an owner must not touch. */
export interface Foreign {
  /** Of a stack of the same name that another state made. */
  readonly namesakes: readonly Labelled[];
  /** Of stacks with other labels whose names come out the same: `shop-prod` and `eu`, `shop` and `prod-eu`. */
  readonly homonyms: readonly Labelled[];
  /** Volumes that the state knows by their names, and that others made anew. */
  readonly claimed: readonly Labelled[];
  /** Its own data, while containers and networks of its names bear another's id: somebody took it over. */
  readonly disputed: readonly Labelled[];
  /** Its own data under the names of another project or stack: it was renamed. */
  readonly renamed: readonly Labelled[];
}

const isData = ({ kind, role }: Labelled): boolean => kind === "volume" && (role === "" || role === "data");

/** Whether it belongs to a stack that is up: data stays when one goes. */
const isAtWork = ({ kind, stackId }: Labelled): boolean => kind !== "volume" && stackId !== "";

/** A volume may be made anew under its name, so that there the label counts; an id of Docker's is never used twice. */
export function isOwn(item: Labelled, { ids, stackIds, dataIds, volumeIds }: Owner): boolean {
  if (stackIds.includes(item.stackId) || (isData(item) && dataIds.includes(item.stackId))) return true;
  if (!ids.has(item.id)) return false;
  return item.kind !== "volume" || item.stackId === "" || volumeIds.includes(item.stackId);
}

/** What of all that is in Docker is not the owner's, and in its way. A volume without any label of ours is adopted. */
export function foreignTo(stack: StackId, owner: Owner, all: readonly Labelled[]): Foreign {
  const isNamed = (item: Labelled): boolean => item.project === stack.project && item.stack === stack.stack;
  const prefix = (item: StackId): string => `${item.project}-${item.stack}`;
  const others = all.filter((item) => !isNamed(item));
  const strangers = all.filter((item) => isNamed(item) && !isOwn(item, owner));
  // A name alone proves nothing under another project or stack: an id has to.
  const ownElsewhere = others.filter((item) => isOwn(item, owner) && (item.kind !== "volume" || item.stackId !== ""));
  const isClaimed = (item: Labelled): boolean =>
    item.kind === "volume" && owner.ids.has(item.id) && !ownElsewhere.includes(item);
  const isTaken = strangers.some(isAtWork);
  return {
    namesakes: strangers.filter((item) => !(owner.adopts === true && isData(item) && item.stackId === "")),
    homonyms: others.filter((item) => prefix(item) === prefix(stack)),
    claimed: [...others, ...strangers].filter(isClaimed),
    disputed: isTaken ? all.filter((item) => isNamed(item) && isData(item) && isOwn(item, owner)) : [],
    renamed: ownElsewhere.filter(isData),
  };
}

/** What an interrupted update left behind: the owner's, unknown to the state, and no data. Data volumes are adopted. */
export function orphans(labelled: readonly Labelled[], owner: Owner): Labelled[] {
  return labelled.filter((item) => isOwn(item, owner) && !isData(item) && !owner.ids.has(item.id));
}

const NAMED = 6;

/** Kind and name of each of the first few. */
export function describeItems(items: readonly Labelled[]): string {
  const named = items.slice(0, NAMED).map(({ kind, name }) => `${kind} ${name}`);
  return [...named, ...(items.length > NAMED ? [`${items.length - NAMED} more`] : [])].join(", ");
}

/** Commands that take them away, one for each kind. */
export function removalCommands(items: readonly Labelled[]): string[] {
  return Object.entries(REMOVALS).flatMap(([kind, command]) => {
    const own = items.filter((item) => item.kind === kind).map(({ name }) => name);
    return own.length > 0 ? [["docker", ...command, ...own].join(" ")] : [];
  });
}

/** Why the owner cannot go on, a problem a group with its way out; nothing where it can. */
export function foreignProblems(stack: StackId, foreign: Foreign): { text: string; fix: string }[] {
  const { namesakes, homonyms, claimed, renamed } = foreign;
  const marked = namesakes.filter(({ stackId }) => stackId !== "");
  const unmarked = namesakes.filter((item) => item.stackId === "" && !isData(item));
  const data = namesakes.filter((item) => item.stackId === "" && isData(item));
  const elsewhere = claimed.filter((item) => !namesakes.includes(item));
  const ids = [...new Set(marked.map(({ stackId }) => stackId))].join(", ");
  const own = `${stack.stack} of ${stack.project}`;
  const groups = [
    {
      items: marked,
      text: `want none but the stack's own, got ${describeItems(marked)}: another state's stack ${own} (id ${ids})`,
      fix: `work with that state, or choose another name; is that state lost: ./dev up ${stack.stack} --adopt`,
    },
    {
      items: unmarked,
      text: `want none but the stack's own, got ${describeItems(unmarked)}: of ${own}, and unknown to this state`,
      fix: `work with the state that made them; is nobody left who needs them: ${removalCommands(unmarked).join("; ")}`,
    },
    {
      items: data,
      text: `want none but the stack's own, got ${describeItems(data)}: data of ${own}, and unknown to this state`,
      fix: `work with the state that made it; is that state lost: ./dev up ${stack.stack} --adopt`,
    },
    {
      items: renamed,
      text: `want data under the stack's own name, got ${describeItems(renamed)} of ${describeStacks(renamed)}: it was renamed`,
      fix: `give it its name back (./dev pulumi stack rename): data does not move along`,
    },
    {
      items: elsewhere,
      text: `want volumes of the stack's own, got ${describeItems(elsewhere)} of ${describeStacks(elsewhere)}`,
      fix: `choose another name for the project, the stack or the service: both give the same name`,
    },
    {
      items: homonyms,
      text: `want names that no other stack has, got ${describeItems(homonyms)} of ${describeStacks(homonyms)}`,
      fix: `choose another name for the project or the stack: both begin their names with ${stack.project}-${stack.stack}`,
    },
  ];
  return groups.filter(({ items }) => items.length > 0).map(({ text, fix }) => ({ text, fix }));
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

/** @throws UserError where taking the stack down would take what is another's: the state knows volumes by name alone */
export function refuseClaimed(stack: StackId, owner: Owner): void {
  const { claimed, disputed, namesakes } = foreignTo(stack, owner, listAll());
  const forget = `if they are to stay, have this state forget them: ./dev pulumi state delete URN --stack ${stack.stack}`;
  if (claimed.length > 0) {
    throw new UserError(
      `the state of stack ${stack.stack} names volumes that others made, nothing was changed`,
      ...claimed.map(({ name, project, stack, stackId }) => `${name}: of stack ${stack} of ${project}, id ${stackId}`),
      forget,
    );
  }
  if (disputed.length === 0) return;
  const takers = namesakes.filter(isAtWork);
  const ids = [...new Set(takers.map(({ stackId }) => stackId))].join(", ");
  throw new UserError(
    `another state works on the data of stack ${stack.stack}, nothing was changed`,
    `want ${describeItems(disputed)} for this state alone, got ${describeItems(takers)} (id ${ids})`,
    "work with that state; is it not wanted, take it down first",
    forget,
  );
}

/** What an update works with: its state, ids of a removal that was cut off, and the id of the lost state it takes over. */
export function ownerOf(state: Owner = NOBODY, removedIds: readonly string[] = [], lostId?: string): Owner {
  const { ids, stackIds, dataIds, volumeIds } = state;
  const more = [...removedIds, ...(lostId ? [lostId] : [])];
  const adopts = Boolean(process.env["DOCKWRIGHT_ADOPT"]);
  return { ids, stackIds: [...new Set([...stackIds, ...more])], dataIds, volumeIds, adopts };
}

// Usage: recover.mts PROJECT STACK MARKER_FILE REMOVAL_FILE up|down|preview
// Clears up after an update that was cut off: its lock, its processes, its pending operations, its orphans. A preview only
// says what the next update would clear up. Data volumes are never touched, nothing is removed without a sign of an
// unfinished update of this very state, but by `down`, and nothing at all that does not bear the stack's id, or the id of
// the lost state that `up --adopt` takes over.
import { existsSync, rmSync } from "node:fs";
import { lostIdIn } from "./lib/adoption.mts";
import {
  backendFolder,
  debrisOf,
  hasDamagedLock,
  readLocks,
  readState,
  removeDebris,
  type StackId,
} from "./lib/backend.mts";
import { livesElsewhere, refuseOtherDaemon } from "./lib/daemon-record.mts";
import { askDaemon } from "./lib/doctor/daemon.mts";
import { type Labelled, listLabelled, remove } from "./lib/docker.mts";
import { describeLock, type Lock } from "./lib/locks.mts";
import { describeLost, lostLogins } from "./lib/logins.mts";
import {
  describeItems,
  orphans,
  type Owner,
  ownerOf,
  refuseClaimed,
  refuseForeign,
  removalCommands,
} from "./lib/ownership.mts";
import { endRemains } from "./lib/remains.mts";
import { forgetRemoval, protect, readRemoval } from "./lib/removal.mts";
import { count, output, script, tell, UserError } from "./lib/run.mts";
import { atWork, holderHere, releaseLocks } from "./lib/running.mts";
import type { State } from "./lib/state.mts";

const PREVIEW_MS = 3_000;
const PREVIEW_SSH_MS = 10_000;
const backendUrl = process.env["PULUMI_BACKEND_URL"] ?? "";

/** Of the state that `up --adopt` takes over; empty elsewhere. */
const lostId = lostIdIn(process.env["DOCKWRIGHT_STACK_ID"] ?? "");
const adopts = Boolean(process.env["DOCKWRIGHT_ADOPT"]);

interface Unfinished {
  readonly state: State | undefined;
  /** Locks of which no process of this machine is known to be alive. */
  readonly locks: readonly Lock[];
  readonly cutOff: boolean;
  /** Ids of which a `down --volumes` that was cut off said that they were its own. */
  readonly removedIds: readonly string[];
}

const ownerIn = ({ state, removedIds }: Pick<Unfinished, "state" | "removedIds">): Owner =>
  ownerOf(state, removedIds, lostId);

function look(id: StackId, marker: string, removal: string): Unfinished {
  const locks = readLocks(backendUrl, id);
  const state = readState(backendUrl, id);
  const removed = readRemoval(removal);
  const signs = locks.length > 0 || hasDamagedLock(backendUrl, id) || existsSync(marker) || removed !== undefined;
  const cutOff = signs || (state?.pending.length ?? 0) > 0;
  return { state, locks, cutOff, removedIds: removed?.stackIds ?? [] };
}

/** Refuses while somebody may be at work. */
function refuseOthers({ stack }: StackId, locks: readonly Lock[], marker: string): void {
  const [other] = atWork(locks, marker);
  if (other) {
    throw new UserError(
      `another update of stack ${stack} is running: ${describeLock(other)}`,
      `wait for it, or stop it with: kill -INT ${other.pid}`,
    );
  }
  const foreign = locks.find((lock) => holderHere(lock) === "foreign");
  if (foreign) {
    throw new UserError(
      `stack ${stack} is locked from another machine: ${describeLock(foreign)}`,
      `if nothing runs there any more: ./dev pulumi cancel --yes --stack ${stack}`,
    );
  }
}

function clearPending(stack: string, pending: readonly string[]): void {
  tell(`refreshing the state, ${count(pending.length, "operation")} left pending`);
  output("pulumi", [
    "refresh",
    "--clear-pending-creates",
    "--yes",
    "--skip-preview",
    "--non-interactive",
    "--stack",
    stack,
  ]);
}

/** What bears the stack's id in Docker, and is unknown to the state. */
const orphansOf = (id: StackId, owner: Owner): Labelled[] => orphans(listLabelled(id), owner);

function removeOrphans(items: readonly Labelled[]): number {
  const gone = items.filter((item) => {
    const complaint = remove(item);
    tell(complaint ? `could not remove ${item.kind} ${item.name}: ${complaint}` : `removed ${item.kind} ${item.name}`);
    return complaint === undefined;
  });
  return gone.length;
}

async function clearUp(id: StackId, { state, locks, cutOff, removedIds }: Unfinished): Promise<string> {
  const { stack } = id;
  refuseOtherDaemon(stack, state?.daemons ?? []);
  if (cutOff) tell(`the last update of stack ${stack} was interrupted, clearing up`);
  if (lostId) tell(`taking over what a lost state of stack ${stack} left: all but its data is made anew`);
  const ended = await endRemains(backendUrl);
  if (ended > 0) tell(`ended ${count(ended, "process", "processes")} left running`);
  for (const name of removeDebris(backendUrl, id)) tell(`removed the half-written file ${name}`);
  releaseLocks(stack, locks);
  if (state && state.pending.length > 0) clearPending(stack, state.pending);
  const owner = ownerIn({ state: readState(backendUrl, id), removedIds });
  const removed = removeOrphans(orphansOf(id, owner));
  if (!cutOff) return `took over what a lost state left, ${count(removed, "object")} removed`;
  return `cleared up after an interrupted update, ${count(removed, "orphan")} removed`;
}

/**
 * Orphans of no update that was cut off: the state is older than what it describes, restored from a backup or another's
 * copy. Somebody may be at work with the newer one, so that `up` removes nothing of it.
 */
function describeNewer(id: StackId, owner: Owner): string[] {
  const newer = orphansOf(id, owner);
  if (newer.length === 0) return [];
  return [
    `the state is older than what stands in Docker, and does not know: ${describeItems(newer)}`,
    `  is nobody at work with a newer state: ${removalCommands(newer).join("; ")}`,
  ];
}

/** What it would do, in the order in which it would. */
async function foretell(id: StackId, unfinished: Unfinished, marker: string): Promise<string[]> {
  const { state, locks, cutOff } = unfinished;
  const [other] = atWork(locks, marker);
  if (other) return [`an update is running: ${describeLock(other)}; the preview starts from what the state says now`];
  const reachable = await mayAsk(state);
  const lost = reachable && state ? await lostLogins(state.servers) : [];
  const remake = describeLost(lost).map((line) => `the next up makes them anew: ${line}`);
  if (!cutOff) return [...(reachable ? describeNewer(id, ownerIn(unfinished)) : []), ...remake];
  const left = reachable ? orphansOf(id, ownerIn(unfinished)) : [];
  const steps = [
    ...debrisOf(backendUrl, id).map((name) => `  removes the half-written file ${name}`),
    ...locks.map((lock) => `  removes the lock of ${describeLock(lock)}`),
    ...(state && state.pending.length > 0
      ? [`  refreshes the state, ${count(state.pending.length, "operation")} left pending`]
      : []),
    ...left.map(({ kind, name }) => `  removes ${kind} ${name}`),
    ...(reachable ? [] : ["  looks for what is left in Docker, which does not answer here"]),
  ];
  const words = steps.length > 0 ? "the next up clears up before it begins:" : "nothing is left of it";
  return [`the last update of stack ${id.stack} was interrupted, ${words}`, ...steps, ...remake];
}

/** A preview asks no daemon but the stack's own. */
async function mayAsk(state: State | undefined): Promise<boolean> {
  const ssh = (process.env["DOCKER_HOST"] ?? "").startsWith("ssh://");
  const daemon = await askDaemon(ssh ? PREVIEW_SSH_MS : PREVIEW_MS);
  return typeof daemon !== "string" && !livesElsewhere(state?.daemons ?? [], daemon.id);
}

await script(async ([project = "", stack = "", marker = "", removal = "", command = ""]) => {
  const id = { project, stack };
  const unfinished = look(id, marker, removal);
  if (command === "preview") {
    const told = await foretell(id, unfinished, marker);
    if (existsSync(removal))
      told.push("down --volumes was cut off; what it left is protected again by the next command");
    told.forEach(tell);
    console.log(told.length === 0 ? "no unfinished update" : "nothing was changed");
    return;
  }
  refuseOthers(id, unfinished.locks, marker);
  const { state, cutOff } = unfinished;
  const owner = ownerIn(unfinished);
  if (command === "down") refuseClaimed(id, owner);
  // The state of a folder was there to be asked before.
  if (command === "up" && (adopts || !backendFolder(backendUrl))) refuseForeign(id, owner);
  const hasWork = state !== undefined || unfinished.removedIds.length > 0;
  const clears = (cutOff && hasWork) || lostId !== undefined;
  const words = clears ? await clearUp(id, unfinished) : undefined;
  rmSync(marker, { force: true });
  if (existsSync(removal)) {
    const restored = protect(stack, readState(backendUrl, id), removal);
    if (restored > 0) tell(`protected ${count(restored, "resource")} again, of a down --volumes that was cut off`);
    forgetRemoval(removal, listLabelled(id));
  }
  if (!clears) {
    if (command === "down" && backendFolder(backendUrl)) removeOrphans(orphansOf(id, owner));
    else describeNewer(id, owner).forEach(tell);
  }
  console.log(words ?? "no unfinished update");
});

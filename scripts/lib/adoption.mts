// `./dev up --adopt`: the state of a stack was lost, and another, new one takes over what it made.
import type { StackId } from "./backend.mts";
import type { Labelled } from "./docker.mts";
import { foreignTo, type Owner } from "./ownership.mts";
import { UserError } from "./run.mts";

/** The id of the lost state, or nothing where nothing bears one. @throws UserError where that cannot be taken over */
export function lostIdOf(stack: StackId, owner: Owner, all: readonly Labelled[]): string | undefined {
  const { namesakes } = foreignTo(stack, owner, all);
  const ids = [...new Set(namesakes.map(({ stackId }) => stackId))].filter((id) => id !== "");
  if (ids.length === 0) return undefined;
  // An adoption that was cut off goes on: its state knows already whose data it takes over.
  if (owner.stackIds.length > 0 && !ids.every((id) => owner.dataIds.includes(id))) {
    throw new UserError(
      `this state of stack ${stack.stack} has a stack of its own (id ${owner.stackIds.join(", ")}), nothing was changed`,
      "only a new state can take over what another one made",
    );
  }
  if (ids.length > 1) {
    const fix =
      "take away those that are not wanted: docker ps -a --format '{{.Names}} {{.Label \"dockwright.stack-id\"}}'";
    throw new UserError(
      `several stacks ${stack.stack} of ${stack.project} are here: ${ids.join(", ")}, nothing was changed`,
      fix,
    );
  }
  return ids[0];
}

/** The lost state's id in what the record of the stack's id is to say: the new id, and the lost one on a second line. */
export const lostIdIn = (record: string): string | undefined => record.split("\n")[1];

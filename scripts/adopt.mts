// Usage: adopt.mts PROJECT STACK
// `./dev up --adopt`: the state of a stack was lost, and this one, which is new, becomes its state. Prints the id that is
// to be its own: then what stands in Docker is no longer another's, is cleared up as after an interruption, and its data
// volumes are adopted.
import { readState } from "./lib/backend.mts";
import { listAll } from "./lib/docker.mts";
import { foreignTo, NOBODY } from "./lib/ownership.mts";
import { script, UserError } from "./lib/run.mts";

await script(([project = "", stack = ""]) => {
  const state = readState(process.env["PULUMI_BACKEND_URL"] ?? "", { project, stack });
  const { namesakes } = foreignTo({ project, stack }, state ?? NOBODY, listAll());
  const ids = [...new Set(namesakes.map(({ stackId }) => stackId))].filter((id) => id !== "");
  if (ids.length === 0) return;
  if (state && state.stackIds.length > 0) {
    throw new UserError(
      `this state of stack ${stack} has a stack of its own (id ${state.stackIds.join(", ")}), nothing was changed`,
      "only a new state can take over what another one made",
    );
  }
  if (ids.length > 1) {
    const fix =
      "take away those that are not wanted: docker ps -a --format '{{.Names}} {{.Label \"dockwright.stack-id\"}}'";
    throw new UserError(`several stacks ${stack} of ${project} are here: ${ids.join(", ")}, nothing was changed`, fix);
  }
  console.log(ids[0]);
});

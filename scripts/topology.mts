// Usage: topology.mts PROJECT STACK FILE
// Draws what a stack consists of: from its state, or where nothing is up yet from a preview. Asks no daemon.
import { writeFileSync } from "node:fs";
import { capture, output, script, UserError } from "./lib/run.mts";
import { draw } from "./lib/topology/draw.mts";
import { topologyOf } from "./lib/topology/model.mts";
import { fromPreview, fromState, type Resource } from "./lib/topology/resources.mts";

function resourcesOf(stack: string): { readonly source: string; readonly resources: readonly Resource[] } {
  const common = ["--stack", stack, "--non-interactive"];
  const deployed = fromState(output("pulumi", ["stack", "export", ...common]));
  if (deployed.some(({ type }) => type.endsWith(":Container"))) return { source: "as deployed", resources: deployed };
  const preview = capture("pulumi", ["preview", "--json", ...common]);
  if (!preview.stdout.startsWith("{")) throw new UserError("the preview failed", ...preview.stderr.trim().split("\n"));
  return { source: "as previewed, nothing is up", resources: fromPreview(preview.stdout) };
}

await script(async ([project = "", stack = "", file = ""]) => {
  const { source, resources } = resourcesOf(stack);
  const topology = topologyOf(resources);
  if (topology.services.length === 0) throw new UserError(`stack ${stack} of ${project} has no services`);
  writeFileSync(file, await draw(topology, `${project}, stack ${stack}`));
  console.log(`${file}, ${source}`);
});

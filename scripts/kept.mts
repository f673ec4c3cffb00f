// Usage: kept.mts PROJECT STACK
// Prints the URNs of what `down` leaves, a line each.
import { readState } from "./lib/backend.mts";
import { script } from "./lib/run.mts";

await script(([project = "", stack = ""]) => {
  for (const urn of readState(process.env["PULUMI_BACKEND_URL"] ?? "", { project, stack })?.kept ?? [])
    console.log(urn);
});

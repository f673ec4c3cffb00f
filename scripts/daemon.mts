// Usage: daemon.mts PROJECT STACK
// Refuses when the stack lives on another Docker daemon than the one that DOCKER_HOST names.
import { readState } from "./lib/backend.mts";
import { refuseOtherDaemon } from "./lib/daemon-record.mts";
import { script } from "./lib/run.mts";

await script(([project = "", stack = ""]) => {
  const state = readState(process.env["PULUMI_BACKEND_URL"] ?? "", { project, stack });
  refuseOtherDaemon(stack, state?.daemons ?? []);
});

// Usage: adopt.mts PROJECT STACK REMOVAL_FILE
// `./dev up --adopt`: the state of a stack was lost, and this one, which is new, becomes its state. Prints what its record
// is to say: an id of its own, for the lost state may turn up again and must not know what is made from now on; and the
// lost one, by which data is told. What else bears that is cleared up as after an interruption.
import { randomBytes } from "node:crypto";
import { lostIdOf } from "./lib/adoption.mts";
import { readState } from "./lib/backend.mts";
import { listAll } from "./lib/docker.mts";
import { ownerOf } from "./lib/ownership.mts";
import { readRemoval } from "./lib/removal.mts";
import { script } from "./lib/run.mts";

await script(([project = "", stack = "", removal = ""]) => {
  const id = { project, stack };
  const state = readState(process.env["PULUMI_BACKEND_URL"] ?? "", id);
  const lost = lostIdOf(id, ownerOf(state, readRemoval(removal)?.stackIds), listAll());
  if (lost !== undefined) console.log(`${randomBytes(8).toString("hex")}\n${lost}`);
});

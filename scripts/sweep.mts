// Usage: sweep.mts PROJECT STACK [--report]
// After `down --volumes`: removes everything that still carries the stack's labels, data volumes too.
// With --report it only says what is there.
import { listLabelled, remove } from "./lib/docker.mts";
import { count, script, tell, UserError } from "./lib/run.mts";

await script(([project = "", stack = "", report]) => {
  const left = listLabelled({ project, stack });
  if (report) {
    for (const { kind, name } of left) tell(`left in Docker, unknown to this state: ${kind} ${name}`);
    return;
  }
  const complaints: string[] = [];
  for (const item of left) {
    const complaint = remove(item);
    if (complaint) complaints.push(`${item.kind} ${item.name}: ${complaint}`);
    else tell(`removed ${item.kind} ${item.name}`);
  }
  if (complaints.length > 0) throw new UserError("not everything could be removed", ...complaints);
  console.log(left.length === 0 ? "nothing left in Docker" : `${count(left.length, "leftover")} removed from Docker`);
});

// Usage: sweep.mts PROJECT STACK REMOVAL_FILE
// After `down --volumes`: removes everything that still carries the stack's id, data volumes too. What bears the names of
// the stack without its id is another's, or from before there were ids: it is told, and left.
import { listLabelled, remove } from "./lib/docker.mts";
import { isOwn, NOBODY } from "./lib/ownership.mts";
import { readRemoval } from "./lib/removal.mts";
import { count, script, tell, UserError } from "./lib/run.mts";

await script(([project = "", stack = "", removal = ""]) => {
  const { stackIds, dataIds } = { ...NOBODY, ...readRemoval(removal) };
  const found = listLabelled({ project, stack });
  const left = found.filter((item) => isOwn(item, { ...NOBODY, stackIds, dataIds }));
  for (const item of found) {
    if (!left.includes(item)) tell(`left in Docker, for it is not of this state: ${item.kind} ${item.name}`);
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

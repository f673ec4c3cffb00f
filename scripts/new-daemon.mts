// Usage: new-daemon.mts PROJECT STACK ID BACKUP_FILE
// `./dev up --new-daemon`: the stack's home is from now on the Docker daemon that answers, which has this ID. Where that
// holds the stack's containers, only its id is new. Elsewhere the state forgets all that was on the former daemon, which
// is not touched; `up` then makes everything anew, on data volumes where the new daemon has them by their names.
import { writeFileSync } from "node:fs";
import { describeDaemon, livesElsewhere, recordedDaemons } from "./lib/daemon-record.mts";
import { listLabelled } from "./lib/docker.mts";
import { type Exported, forgetFormerDaemon, forgetRecord } from "./lib/forget.mts";
import { capture, count, output, script, tell, UserError } from "./lib/run.mts";
import { parseState } from "./lib/state.mts";

function replaceState(stack: string, exported: Exported): void {
  const done = capture("pulumi", ["stack", "import", "--stack", stack, "--non-interactive"], JSON.stringify(exported));
  if (done.status !== 0) throw new UserError(`the state could not be changed: ${done.stderr.trim()}`);
}

await script(([project = "", stack = "", id = "", backup = ""]) => {
  const text = output("pulumi", ["stack", "export", "--stack", stack, "--non-interactive"]);
  const exported = JSON.parse(text) as Exported;
  const resources = exported.deployment.resources ?? [];
  const recorded = recordedDaemons(resources);
  if (!livesElsewhere(recorded, id)) {
    console.log("the stack lives on this daemon already");
    return;
  }
  writeFileSync(backup, text, { mode: 0o600 });
  const known = parseState(text).ids;
  const here = listLabelled({ project, stack }).some(({ kind, id }) => kind !== "volume" && known.has(id));
  const kept = here ? forgetRecord(exported) : forgetFormerDaemon(exported);
  replaceState(stack, kept);
  tell(`the state as it was: ${backup}`);
  if (here) {
    console.log("the same containers under a new id of the daemon");
    return;
  }
  for (const daemon of recorded)
    tell(`no longer known to this stack, and not touched: what is on ${describeDaemon(daemon)}`);
  tell(
    `there it is found by: docker ps -a --filter label=dockwright.project=${project} --filter label=dockwright.stack=${stack}`,
  );
  const gone = resources.length - (kept.deployment.resources?.length ?? 0);
  console.log(`moved, ${count(gone, "resource")} of the former daemon forgotten`);
});

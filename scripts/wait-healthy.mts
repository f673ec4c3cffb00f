// Usage: wait-healthy.mts PROJECT STACK
// Waits until Docker reports every service container of the stack healthy; DOCKWRIGHT_WAIT_SECONDS bounds it.
// Prints what it found, and in a second line the stack's url.
import { setTimeout as sleep } from "node:timers/promises";
import { readState, type StackId } from "./lib/backend.mts";
import { inspect, serviceIds } from "./lib/docker.mts";
import { type Inspected, judge, lastHealthLog, nameServices, type Verdict } from "./lib/health.mts";
import { capture, count, script, tell, UserError } from "./lib/run.mts";

const POLL_MS = 300;
const REPEAT_MS = 10_000;
/** How long a container may be unhealthy or stopped before that is final: longer than a restart takes. */
const PATIENCE_MS = 20_000;

function look(stack: StackId): Verdict[] {
  return (inspect(serviceIds(stack)) as Inspected[]).map(judge);
}

/** Containers that were bad at every look for longer than the patience. */
function lost(verdicts: readonly Verdict[], badSince: Map<string, number>): Verdict[] {
  for (const { container, bad } of verdicts) {
    if (!bad) badSince.delete(container.Id);
    else if (!badSince.has(container.Id)) badSince.set(container.Id, Date.now());
  }
  return verdicts.filter(({ container }) => {
    const since = badSince.get(container.Id);
    return since !== undefined && Date.now() - since > PATIENCE_MS;
  });
}

function explain({ container, service, word }: Verdict): string[] {
  const name = container.Name.replace(/^\//, "");
  const logs = capture("docker", ["logs", "--tail", "20", container.Id]);
  const health = lastHealthLog(container);
  const log = `${logs.stdout}${logs.stderr}`.trimEnd();
  return [
    `${service} (container ${name}) is ${word}`,
    ...(health ? [`  its health check said: ${health}`] : []),
    ...(log ? ["  its last log lines:", ...log.split("\n").map((line) => `    ${line}`)] : ["  it has logged nothing"]),
  ];
}

function fail(verdicts: readonly Verdict[], why: string): never {
  throw new UserError(why, ...verdicts.flatMap(explain));
}

function urlOf(stack: StackId): string {
  const url = readState(process.env["PULUMI_BACKEND_URL"] ?? "", stack)?.outputs["url"];
  return typeof url === "string" ? url : "";
}

await script(async ([project = "", stack = ""]) => {
  const bound = Number(process.env["DOCKWRIGHT_WAIT_SECONDS"] || 180) * 1000;
  const began = Date.now();
  const badSince = new Map<string, number>();
  let told = "";
  let toldAt = 0;
  for (;;) {
    const verdicts = look({ project, stack });
    const open = verdicts.filter(({ ok }) => !ok);
    if (open.length === 0) {
      console.log(verdicts.length === 0 ? "no service containers" : `${count(verdicts.length, "container")} healthy`);
      console.log(urlOf({ project, stack }));
      return;
    }
    const given = lost(open, badSince);
    if (given.length > 0) fail(given, `not healthy: ${nameServices(given)}`);
    if (Date.now() - began > bound) fail(open, `not healthy after ${bound / 1000} s: ${nameServices(open)}`);
    const line = `waiting for Docker to report as healthy: ${nameServices(open)}`;
    if (line !== told || Date.now() - toldAt > REPEAT_MS) {
      tell(line);
      [told, toldAt] = [line, Date.now()];
    }
    await sleep(POLL_MS);
  }
});

// Waits until Docker reports every service container of a stack healthy.
import { setTimeout as sleep } from "node:timers/promises";
import type { StackId } from "./backend.mts";
import { inspect, serviceIds } from "./docker.mts";
import { type Inspected, judge, lastHealthLog, nameServices, type Verdict } from "./health.mts";
import { capture, UserError } from "./run.mts";

const POLL_MS = 300;
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

/**
 * Gives the number of healthy containers; `tell` hears at every look which are not healthy yet.
 * @throws UserError with each container's last log lines when one is lost, or after `boundMs`
 */
export async function waitHealthy(stack: StackId, boundMs: number, tell: (open: Verdict[]) => void): Promise<number> {
  const began = Date.now();
  const badSince = new Map<string, number>();
  for (;;) {
    const verdicts = look(stack);
    const open = verdicts.filter(({ ok }) => !ok);
    if (open.length === 0) return verdicts.length;
    const given = lost(open, badSince);
    if (given.length > 0) fail(given, `not healthy: ${nameServices(given)}`);
    if (Date.now() - began > boundMs) fail(open, `not healthy after ${boundMs / 1000} s: ${nameServices(open)}`);
    tell(open);
    await sleep(POLL_MS);
  }
}

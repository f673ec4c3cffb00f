// Usage: run-pulumi.mts PROJECT STACK LOG_FILE live|plain|verbose ELAPSED_MS up|destroy ARGUMENT…
// Runs an update with one view of its progress; after `up` waits until Docker reports every service healthy, and revokes
// logins that the state does not know. Logins that a server does not know any more, for its data volume was restored, are
// made anew: by this update where the server runs, else by a second one. It runs in the project's folder.
// ELAPSED_MS is what `dev` had spent before; DOCKWRIGHT_WAIT_SECONDS bounds the wait.
import { readState, type StackId } from "./lib/backend.mts";
import { settingsOf } from "./lib/doctor/settings.mts";
import { nameServices, type Verdict } from "./lib/health.mts";
import { describeLost, describeStrays, lostLogins, remaking, revokeStrays } from "./lib/logins.mts";
import { type Display, LiveDisplay, PlainDisplay } from "./lib/progress/display.mts";
import { follow } from "./lib/progress/follow.mts";
import { phaseLine, serviceLine } from "./lib/progress/lines.mts";
import { runOpenly } from "./lib/progress/pulumi.mts";
import { readYaml } from "./lib/project.mts";
import { refuseMoves } from "./lib/rings.mts";
import { count, script } from "./lib/run.mts";
import type { State } from "./lib/state.mts";
import { waitHealthy } from "./lib/wait-healthy.mts";

const REPEAT_MS = 10_000;

const stateOf = (stack: StackId): State | undefined => readState(process.env["PULUMI_BACKEND_URL"] ?? "", stack);

function urlOf(state: State | undefined): string | undefined {
  const url = state?.outputs["url"];
  return typeof url === "string" ? url : undefined;
}

/** Before anything begins, because the engine would refuse it beside other changes that are under way. */
function checkMoves({ project, stack }: StackId): void {
  const file = process.env["PULUMI_OPTION_CONFIG_FILE"] || `Pulumi.${stack}.yaml`;
  const settings = settingsOf(readYaml(file) ?? {}, project);
  refuseMoves(stack, stateOf({ project, stack })?.rings ?? [], settings["rotation"]);
}

/** Tells who is waited for: on a terminal at every look, elsewhere when that changes and every ten seconds. */
function healthTeller(display: Display, began: number): (open: readonly Verdict[]) => void {
  let told = "";
  let toldAt = 0;
  return (open) => {
    const words = `waiting for Docker to report as healthy: ${nameServices(open)}`;
    if (display instanceof LiveDisplay) {
      display.draw([{ tone: "busy", text: serviceLine("health", words, Date.now() - began) }]);
    } else if (words !== told || Date.now() - toldAt > REPEAT_MS) {
      display.line(`    ${words}`);
      [told, toldAt] = [words, Date.now()];
    }
  };
}

async function health(stack: StackId, display: Display): Promise<void> {
  const began = Date.now();
  const bound = Number(process.env["DOCKWRIGHT_WAIT_SECONDS"] || 180) * 1000;
  const healthy = await waitHealthy(stack, bound, healthTeller(display, began));
  const words = healthy === 0 ? "no service containers" : `${count(healthy, "container")} healthy`;
  display.line(phaseLine("health", words, Date.now() - began));
}

/** What is lost, told; looked for only where servers run. */
async function findLost(stack: StackId, display: Display): Promise<string[]> {
  const lost = await lostLogins(stateOf(stack)?.servers ?? []);
  for (const line of describeLost(lost)) display.line(`    ${line}; its logins are made anew`);
  return remaking(lost);
}

async function settle(stack: StackId, display: Display): Promise<void> {
  const strays = revokeStrays(stateOf(stack)?.servers ?? []);
  await health(stack, display);
  for (const line of describeStrays(await strays)) display.line(`    ${line}`);
}

/** Gives the exit code of Pulumi. */
async function bringUp(
  stack: StackId,
  display: Display,
  update: (more: readonly string[]) => Promise<number>,
): Promise<number> {
  const code = await update(await findLost(stack, display));
  if (code !== 0) return code;
  await settle(stack, display);
  const lost = await findLost(stack, display);
  if (lost.length === 0) return 0;
  const again = await update(lost);
  if (again === 0) await settle(stack, display);
  return again;
}

await script(async ([project = "", stack = "", logFile = "", show = "", elapsed = "0", ...args]) => {
  const began = Date.now() - Number(elapsed);
  process.stdout.on("error", () => undefined); // nobody reads any more: the update goes on all the same
  const display = show === "live" ? new LiveDisplay() : new PlainDisplay();
  const id = { project, stack };
  if (args[0] === "up") checkMoves(id);
  const update = (more: readonly string[] = []): Promise<number> =>
    show === "verbose" ? runOpenly([...args, ...more]) : follow({ args: [...args, ...more], logFile, display });
  process.exitCode = args[0] === "up" ? await bringUp(id, display, update) : await update();
  if (args[0] === "up" && process.exitCode === 0) {
    display.line(phaseLine(stack, urlOf(stateOf(id)) ?? "up", Date.now() - began));
  }
});

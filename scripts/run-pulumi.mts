// Usage: run-pulumi.mts PROJECT STACK LOG_FILE live|plain|verbose ELAPSED_MS up|destroy ARGUMENT…
// Runs an update with one view of its progress; after `up` waits until Docker reports every service healthy, and revokes
// logins that the state does not know. It runs in the project's folder.
// ELAPSED_MS is what `dev` had spent before; DOCKWRIGHT_WAIT_SECONDS bounds the wait.
import { readState, type StackId } from "./lib/backend.mts";
import { settingsOf } from "./lib/doctor/settings.mts";
import { nameServices, type Verdict } from "./lib/health.mts";
import { describeStrays, revokeStrays } from "./lib/logins.mts";
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

await script(async ([project = "", stack = "", logFile = "", show = "", elapsed = "0", ...args]) => {
  const began = Date.now() - Number(elapsed);
  process.stdout.on("error", () => undefined); // nobody reads any more: the update goes on all the same
  const display = show === "live" ? new LiveDisplay() : new PlainDisplay();
  const id = { project, stack };
  if (args[0] === "up") checkMoves(id);
  const code = show === "verbose" ? await runOpenly(args) : await follow({ args, logFile, display });
  if (code !== 0) {
    process.exitCode = code;
  } else if (args[0] === "up") {
    const state = stateOf(id);
    const strays = revokeStrays(state?.servers ?? []);
    await health(id, display);
    for (const line of describeStrays(await strays)) display.line(`    ${line}`);
    display.line(phaseLine(stack, urlOf(state) ?? "up", Date.now() - began));
  }
});

// Usage: preflight.mts PROJECT_DIR STACK CONFIG_FILE [--preview|''] [REMOVAL_FILE]
// Says everything that would make `up` fail half-way, all at once, before anything is created. CONFIG_FILE may be
// empty: then the stack's own file holds the settings. With --preview the daemon is asked only where one answers that
// may be the stack's own.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { lostIdOf } from "./lib/adoption.mts";
import { backendFolder, readState, type StackId } from "./lib/backend.mts";
import { livesElsewhere } from "./lib/daemon-record.mts";
import { listAll } from "./lib/docker.mts";
import { judgeArchitectures, imageFacts } from "./lib/doctor/architecture.mts";
import { judgeCapacity } from "./lib/doctor/capacity.mts";
import { askDaemon, type Daemon, judgeDaemon } from "./lib/doctor/daemon.mts";
import { judgeAlone } from "./lib/doctor/alone.mts";
import { judgeDisk } from "./lib/doctor/disk.mts";
import { type Finding, missing, size } from "./lib/doctor/finding.mts";
import { type Need, needsOf } from "./lib/doctor/needs.mts";
import { neighboursOf } from "./lib/doctor/neighbours.mts";
import { hostPorts, judgePorts } from "./lib/doctor/port.mts";
import { judgeProxies, networksOf } from "./lib/doctor/proxies.mts";
import { readRules, settingsModule } from "./lib/doctor/rules.mts";
import { namedImages, settingsOf } from "./lib/doctor/settings.mts";
import { judgeSource } from "./lib/doctor/source.mts";
import { ownerOf } from "./lib/ownership.mts";
import { projectName, readYaml } from "./lib/project.mts";
import { readRemoval } from "./lib/removal.mts";
import { count, script, tell, UserError } from "./lib/run.mts";

const PREVIEW_MS = 3_000;
const PREVIEW_SSH_MS = 10_000;

interface Target extends StackId {
  readonly projectDir: string;
  readonly config: ReturnType<typeof settingsOf>;
  readonly removal: string;
}

const dockerHost = process.env["DOCKER_HOST"] ?? "";

/** What the stack needs, or nothing where its program does not say. */
async function readNeeds({ projectDir, config }: Target): Promise<Need[]> {
  if (!existsSync(settingsModule(projectDir))) return [];
  const rules = await readRules(projectDir, true);
  if (typeof rules !== "string") return needsOf(rules, config);
  tell(`limits were not compared with Docker's host: ${rules}`);
  return [];
}

async function judge(target: Target, daemon: Daemon): Promise<Finding[]> {
  const { config, stack } = target;
  const [images, needs, others, ports, networks] = await Promise.all([
    imageFacts(namedImages(config)),
    readNeeds(target),
    neighboursOf(target),
    judgePorts(target, hostPorts(config)),
    networksOf(),
  ]);
  return [
    ...judgeDaemon(daemon),
    ...judgeDisk(daemon, dockerHost),
    ...judgeOthers(target),
    ...judgeSource(config, dockerHost, stack),
    ...judgeCapacity(needs, others, daemon, stack),
    ...judgeArchitectures(images, daemon),
    ...ports,
    ...judgeProxies(config, networks, target),
  ];
}

/** Only where the state can be read already; of another backend recovery does the same, once Pulumi is there. */
function judgeOthers(target: Target): Finding[] {
  const backendUrl = process.env["PULUMI_BACKEND_URL"] ?? "";
  if (!backendFolder(backendUrl)) return [];
  const [state, removedIds] = [readState(backendUrl, target), readRemoval(target.removal)?.stackIds];
  const lost = process.env["DOCKWRIGHT_ADOPT"] && lostIdOf(target, ownerOf(state, removedIds), listAll());
  return judgeAlone(target, ownerOf(state, removedIds, lost));
}

const recordedDaemons = (stack: StackId) => readState(process.env["PULUMI_BACKEND_URL"] ?? "", stack)?.daemons ?? [];

/** Why a preview does not ask this daemon, or nothing. */
function notForPreview(target: StackId, daemon: Daemon | string): string | undefined {
  if (typeof daemon === "string") return `no Docker daemon answers (${daemon})`;
  if (!livesElsewhere(recordedDaemons(target), daemon.id)) return undefined;
  return "the stack runs on another Docker daemon than the one that answers here";
}

/** For a preview of a stack that is not known to run here, and may be meant for another host: told, and no more. */
function warn(findings: readonly Finding[]): void {
  for (const { name, text, mark, fix } of findings)
    if (mark !== "ok" && fix) tell(`on this host ${name}: ${text} (${fix})`);
}

function refuse({ project, stack }: StackId, findings: readonly Finding[]): void {
  const problems = findings.filter(({ mark }) => mark === "missing");
  // What nobody can act upon is the doctor's to tell, not every `up`'s.
  for (const { name, text, mark, fix } of findings) if (mark === "note" && fix) tell(`${name}: ${text} (${fix})`);
  if (problems.length === 0) return;
  throw new UserError(
    `stack ${stack} of ${project} cannot run here: ${count(problems.length, "problem")}, nothing was changed`,
    ...problems.flatMap(({ name, text, fix }) => [`${name}: ${text}`, ...(fix ? [`  fix: ${fix}`] : [])]),
  );
}

await script(async ([projectDir = "", stack = "", configFile = "", option = "", removal = ""]) => {
  const project = projectName(projectDir);
  const content = readYaml(configFile || join(projectDir, `Pulumi.${stack}.yaml`)) ?? {};
  const target = { projectDir, project, stack, config: settingsOf(content, project), removal };
  const preview = option === "--preview";
  const patience = dockerHost.startsWith("ssh://") ? PREVIEW_SSH_MS : PREVIEW_MS;
  const daemon = await askDaemon(preview ? patience : undefined);
  const skipped = preview ? notForPreview(target, daemon) : undefined;
  if (skipped) {
    tell(`the checks of the host were skipped: ${skipped}`);
    console.log("skipped");
    return;
  }
  if (typeof daemon === "string") {
    const fix = "./dev doctor shows what Docker says";
    refuse(target, [missing("Docker", "docker", `want an answer of the daemon, got: ${daemon}`, fix)]);
    return;
  }
  const findings = await judge(target, daemon);
  if (preview && recordedDaemons(target).length === 0) warn(findings);
  else refuse(target, findings);
  const ports = hostPorts(target.config).map(({ port }) => String(port));
  const named = ports.length > 0 ? `, ${ports.length > 1 ? "ports" : "port"} ${ports.join(", ")}` : "";
  console.log(`${count(daemon.cpus, "CPU")}, ${size(daemon.memoryBytes)}${named}`);
});

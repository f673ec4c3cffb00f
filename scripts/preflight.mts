// Usage: preflight.mts PROJECT_DIR STACK CONFIG_FILE PORT BIND_ADDRESS
// Says everything that would make `up` fail half-way, all at once, before anything is created. CONFIG_FILE may be
// empty: then the stack's own file holds the settings.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { judgeArchitectures, imageFacts } from "./lib/doctor/architecture.mts";
import { askDaemon, type Daemon, judgeDaemon } from "./lib/doctor/daemon.mts";
import { judgeDisk } from "./lib/doctor/disk.mts";
import { type Finding, missing, size } from "./lib/doctor/finding.mts";
import { judgeNeeds, type Need, needsOf } from "./lib/doctor/needs.mts";
import { judgePort } from "./lib/doctor/port.mts";
import { readRules, settingsModule } from "./lib/doctor/rules.mts";
import { namedImages, settingsOf } from "./lib/doctor/settings.mts";
import { projectName, readYaml } from "./lib/project.mts";
import { count, script, tell, UserError } from "./lib/run.mts";

interface Target {
  readonly projectDir: string;
  readonly stack: string;
  readonly config: ReturnType<typeof settingsOf>;
}

/** What the stack needs, or nothing where its program does not say. */
async function readNeeds({ projectDir, config }: Target): Promise<Need[]> {
  if (!existsSync(settingsModule(projectDir))) return [];
  const rules = await readRules(projectDir, true);
  if (typeof rules !== "string") return needsOf(rules, config);
  tell(`limits were not compared with Docker's host: ${rules}`);
  return [];
}

async function check(target: Target, port: Promise<Finding[]>): Promise<{ daemon?: Daemon; findings: Finding[] }> {
  const named = namedImages(target.config);
  const [daemon, images, needs] = await Promise.all([askDaemon(), imageFacts(named), readNeeds(target)]);
  if (typeof daemon === "string") {
    const fix = "./dev doctor shows what Docker says";
    return { findings: [missing("Docker", "docker", `want an answer of the daemon, got: ${daemon}`, fix)] };
  }
  const findings = [
    ...judgeDaemon(daemon),
    ...judgeDisk(daemon, process.env["DOCKER_HOST"] ?? ""),
    ...judgeNeeds(needs, daemon, target.stack),
    ...judgeArchitectures(images, daemon),
    ...(await port),
  ];
  return { daemon, findings };
}

await script(async ([projectDir = "", stack = "", configFile = "", port = "", bindAddress = ""]) => {
  const project = projectName(projectDir);
  const content = readYaml(configFile || join(projectDir, `Pulumi.${stack}.yaml`)) ?? {};
  const target = { projectDir, stack, config: settingsOf(content, project) };
  const { daemon, findings } = await check(target, judgePort({ project, stack }, { port, bindAddress }));

  const problems = findings.filter(({ mark }) => mark === "missing");
  // What nobody can act upon is the doctor's to tell, not every `up`'s.
  for (const { name, text, mark, fix } of findings) if (mark === "note" && fix) tell(`${name}: ${text} (${fix})`);
  if (problems.length > 0) {
    throw new UserError(
      `stack ${stack} of ${project} cannot run here: ${count(problems.length, "problem")}, nothing was changed`,
      ...problems.flatMap(({ name, text, fix }) => [`${name}: ${text}`, ...(fix ? [`  fix: ${fix}`] : [])]),
    );
  }
  const room = daemon ? `${count(daemon.cpus, "CPU")}, ${size(daemon.memoryBytes)}` : "";
  console.log(`${room}${port ? `, port ${port}` : ""}`);
});

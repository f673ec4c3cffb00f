// Usage: doctor.mts ROOT PROJECT_DIR
// Looks at what only Node can look at, and prints a line per finding: group, name, mark, text and fix, between tabs.
// What `dev` knows of the stack stands in the environment, under the names of scripts/stack-settings.mts; without it
// (no packages yet, or a broken file) only the rest is looked at. Nothing is made, started or changed.
import { homedir } from "node:os";
import { join } from "node:path";
import type { Daemon } from "./lib/doctor/daemon.mts";
import { askDaemon, describeDaemon, judgeDaemon } from "./lib/doctor/daemon.mts";
import { judgeCapacity } from "./lib/doctor/capacity.mts";
import { judgeCredentials } from "./lib/doctor/credentials.mts";
import { judgeDisk } from "./lib/doctor/disk.mts";
import { judgeEngine } from "./lib/doctor/engine.mts";
import { type Finding, note, ok } from "./lib/doctor/finding.mts";
import { judgeImages } from "./lib/doctor/images.mts";
import { needsOf } from "./lib/doctor/needs.mts";
import { neighboursOf } from "./lib/doctor/neighbours.mts";
import { hostPorts, judgePorts } from "./lib/doctor/port.mts";
import { readRules } from "./lib/doctor/rules.mts";
import { judgeSource } from "./lib/doctor/source.mts";
import { judgeSilence } from "./lib/doctor/silence.mts";
import type { StackFacts } from "./lib/doctor/stack.mts";
import type { Tree } from "./lib/merge.mts";

const DAEMON_MS = 3_000;
const SSH_MS = 10_000;
const RULES_MS = 10_000;
const env = process.env;
const text = (name: string): string => env[name] ?? "";

function stackFacts(): StackFacts | undefined {
  if (!text("PROJECT")) return undefined;
  return {
    project: text("PROJECT"),
    stack: text("STACK"),
    dataDir: text("DATA_DIR"),
    backendUrl: text("BACKEND_URL"),
    hasFile: text("STACK_HAS_FILE") === "true",
    stackFiles: text("STACK_FILES"),
    passphraseMissing: text("PASSPHRASE_MISSING") === "true",
  };
}

/** The stack's settings. What reads YAML is a package, so it is loaded only where packages are. */
async function readSettings(projectDir: string, { project, stack }: StackFacts): Promise<Tree> {
  const { settingsOf } = await import("./lib/doctor/settings.mts");
  const { lookAtWorkingCopy } = await import("./lib/working-copy.mts");
  const { readYaml } = await import("./lib/project.mts");
  const file = join(projectDir, `Pulumi.${stack}.yaml`);
  return settingsOf(stack === "dev" ? lookAtWorkingCopy(projectDir, stack) : (readYaml(file) ?? {}), project);
}

async function judgeDocker(daemon: Daemon | string): Promise<Finding[]> {
  const [from, dockerHost] = [text("DOCKER_FROM"), text("DOCKER_HOST")];
  if (typeof daemon === "string") {
    const mayInstall = text("MAY_INSTALL_DOCKER") === "true";
    return [await judgeSilence({ complaint: daemon, dockerHost, from, mayInstall })];
  }
  const where = ok("Docker", "reached by", from);
  return [where, ...describeDaemon(daemon), ...judgeDaemon(daemon)];
}

async function judgeHost(root: string, projectDir: string, cache: string): Promise<Finding[]> {
  const stack = stackFacts();
  const settings = stack?.hasFile ? await readSettings(projectDir, stack) : {};
  const { namedImages } = await import("./lib/doctor/settings.mts");
  const local = text("IMAGES_LOCAL") === "true";
  const named = namedImages(settings);
  const [daemon, engine, rules] = await Promise.all([
    askDaemon(text("DOCKER_HOST").startsWith("ssh://") ? SSH_MS : DAEMON_MS),
    judgeEngine(root, cache),
    stack?.hasFile ? readRules(projectDir, false, RULES_MS) : undefined,
  ]);
  const found = typeof daemon === "string" ? undefined : daemon;
  const [images, host] = await Promise.all([
    judgeImages({ root, projectDir, cache, local, named, env }, found),
    stack && found ? judgeRoom(stack, settings, rules, found) : [],
  ]);
  return [
    ...engine,
    ...(await judgeDocker(daemon)),
    ...judgeCredentials(env, named.length > 0),
    ...images,
    ...(found ? judgeDisk(found, text("DOCKER_HOST")) : []),
    ...host,
    ...(stack ? await judgeTheStack(stack) : []),
  ];
}

/** Whether there is room for the stack: CPUs, memory and ports. */
async function judgeRoom(
  stack: StackFacts,
  settings: Tree,
  rules: Awaited<ReturnType<typeof readRules>> | undefined,
  daemon: Daemon,
): Promise<Finding[]> {
  const [others, ports] = await Promise.all([neighboursOf(stack), judgePorts(stack, hostPorts(settings))]);
  const source = judgeSource(settings, text("DOCKER_HOST"), stack.stack);
  if (rules === undefined) return [...source, ...ports];
  const fit =
    typeof rules === "string"
      ? [note("Host", "limits", `not compared with Docker's host: ${rules}`)]
      : judgeCapacity(needsOf(rules, settings), others, daemon, stack.stack);
  return [...fit, ...source, ...ports];
}

async function judgeTheStack(stack: StackFacts): Promise<Finding[]> {
  const { judgeStack } = await import("./lib/doctor/stack.mts");
  return judgeStack(stack);
}

const clean = (part: string): string => part.replace(/\s+/g, " ").trim();
const [root = "", projectDir = ""] = process.argv.slice(2);
const cache = env["DOCKWRIGHT_CACHE_DIR"] || join(env["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "dockwright");
const GROUPS = ["Engine", "Docker", "Images", "Host", "Stack"];
const found = await judgeHost(root, projectDir, cache);
found.sort((a, b) => GROUPS.indexOf(a.group) - GROUPS.indexOf(b.group)); // keeps the order within a group
for (const { group, name, mark, text: words, fix = "" } of found) {
  console.log([group, name, mark, words, fix].map(clean).join("\t"));
}

// Usage: stack-settings.mts PROJECT_DIR STACK [--look]
// Makes the stack's files ready (dev: passphrase and working copy) and prints what `dev` needs as shell assignments.
// With --look it makes nothing, and asks no backend elsewhere.
import { join } from "node:path";
import { backendFolder, readState } from "./lib/backend.mts";
import { namedImages, settingsOf } from "./lib/doctor/settings.mts";
import type { Tree } from "./lib/merge.mts";
import {
  dataDir,
  ensurePassphrase,
  missingPassphrase,
  projectName,
  readYaml,
  setting,
  stackNames,
} from "./lib/project.mts";
import { script, tell, UserError } from "./lib/run.mts";
import { lookAtWorkingCopy, syncWorkingCopy } from "./lib/working-copy.mts";

interface Prepared {
  readonly content: Tree;
  readonly configFile: string;
  readonly passphraseFile: string;
}

function prepareDev(projectDir: string, stack: string, data: string): Prepared {
  const passphraseFile = join(data, "passphrase");
  const passphraseIsNew = ensurePassphrase(passphraseFile);
  const saltFile = join(data, `${stack}.salt`);
  const { file, content, notes } = syncWorkingCopy({ projectDir, stack, saltFile, passphraseIsNew });
  notes.forEach(tell);
  return { content, configFile: file, passphraseFile };
}

function lookAtDev(projectDir: string, stack: string, data: string): Prepared {
  const configFile = join(projectDir, ".dockwright", `Pulumi.${stack}.yaml`);
  return { content: lookAtWorkingCopy(projectDir, stack), configFile, passphraseFile: join(data, "passphrase") };
}

function prepareOther(projectDir: string, stack: string): Prepared {
  const content = readYaml(join(projectDir, `Pulumi.${stack}.yaml`)) ?? {};
  return { content, configFile: "", passphraseFile: "" };
}

/** Without `metadata=skip` the backend writes files beside the state that a kill leaves empty, and then reads EOF. */
function ownBackend(data: string): string {
  return `file://${join(data, "state")}?metadata=skip`;
}

function quote(value: string): string {
  return `'${value.replaceAll("'", "'\\''")}'`;
}

function text(value: unknown): string {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? String(value) : "";
}

await script(([projectDir = "", stack = "", option = ""]) => {
  const look = option === "--look";
  if (!/^[\w.-]+$/.test(stack)) throw new UserError(`"${stack}" is no name of a stack`);
  const project = projectName(projectDir);
  const data = dataDir(project);
  const given = stack === "dev" ? undefined : process.env["PULUMI_BACKEND_URL"];
  const backendUrl = given || ownBackend(data);
  const files = stackNames(projectDir);
  const prepare = stack !== "dev" ? prepareOther : look ? lookAtDev : prepareDev;
  const prepared = prepare(projectDir, stack, data);
  const folder = backendFolder(backendUrl);
  const state = look || folder === undefined ? undefined : readState(backendUrl, { project, stack });

  const settings = {
    PROJECT: project,
    DATA_DIR: data,
    BACKEND_URL: backendUrl,
    BACKEND_DIR: folder ?? "",
    CONFIG_FILE: prepared.configFile,
    PASSPHRASE_FILE: prepared.passphraseFile,
    PASSPHRASE_MISSING: String(stack !== "dev" && missingPassphrase(prepared.content, backendUrl, process.env)),
    STACK_FILES: files.join(" "),
    STACK_HAS_FILE: String(files.includes(stack)),
    STACK_EXISTS: String(state !== undefined),
    STACK_DAEMONS: (state?.daemons ?? []).map(({ id }) => id).join(" "),
    STACK_DOCKER_HOST: text(setting(prepared.content, project, "docker", "host")),
    IMAGES_LOCAL: text(setting(prepared.content, project, "images", "local")),
    IMAGES_NAMED: namedImages(settingsOf(prepared.content, project)).join(" "),
  };
  for (const [name, value] of Object.entries(settings)) console.log(`${name}=${quote(value)}`);
});

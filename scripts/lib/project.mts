// What `dev` needs to know of a Pulumi project: its name, its stacks, where its data lies, a few of its settings.
import { randomBytes } from "node:crypto";
import { chmodSync, existsSync, linkSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { readIfThere } from "./files.mts";
import { isTree, type Tree } from "./merge.mts";
import { UserError } from "./run.mts";

export function readYaml(path: string): Tree | undefined {
  const text = readIfThere(path);
  if (text === undefined) return undefined;
  let value: unknown;
  try {
    value = parse(text) ?? {};
  } catch (error) {
    throw new UserError(`${path} is not valid YAML: ${(error as Error).message.split("\n")[0]}`);
  }
  if (!isTree(value)) throw new UserError(`${path} is not a map of keys`);
  return value;
}

export function projectName(projectDir: string): string {
  const file = join(projectDir, "Pulumi.yaml");
  const name = readYaml(file)?.["name"];
  if (typeof name !== "string" || !/^[\w.-]+$/.test(name)) throw new UserError(`${file} has no valid name`);
  return name;
}

export function stackNames(projectDir: string): string[] {
  return readdirSync(projectDir)
    .map((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1])
    .filter((name) => name !== undefined)
    .sort();
}

/** One folder per project and user, shared by all clones: state, passphrase and salt of the development stack. */
export function dataDir(project: string, env: NodeJS.ProcessEnv = process.env): string {
  const share = env["XDG_DATA_HOME"] || join(homedir(), ".local", "share");
  return join(env["DOCKWRIGHT_DATA_DIR"] || join(share, "dockwright"), project);
}

/** The development passphrase: made once, readable by its owner only. Returns whether it was made now. */
export function ensurePassphrase(file: string): boolean {
  if (existsSync(file)) return false;
  mkdirSync(join(file, ".."), { recursive: true, mode: 0o700 });
  const draft = `${file}.${process.pid}.tmp`;
  writeFileSync(draft, randomBytes(32).toString("base64"), { mode: 0o600 });
  chmodSync(draft, 0o600);
  try {
    linkSync(draft, file); // fails when another process was first: then its passphrase counts
    return true;
  } catch {
    return false;
  } finally {
    rmSync(draft);
  }
}

/** One setting of the project's own namespace, e.g. `httpPort` of the map `lunch-bot:edge`. */
export function setting(config: Tree, project: string, group: string, key: string): unknown {
  const all = isTree(config["config"]) ? config["config"] : {};
  const map = all[`${project}:${group}`];
  return isTree(map) ? map[key] : undefined;
}

/** What is missing from outside before a stack that is not dev can encrypt and decrypt, or nothing. */
export function missingPassphrase(stackFile: Tree, backendUrl: string, env: NodeJS.ProcessEnv): boolean {
  const provider = stackFile["secretsprovider"];
  const byPassphrase = provider === undefined || provider === "passphrase" || provider === "default";
  const managed = /^https?:/.test(backendUrl) && provider !== "passphrase" && !stackFile["encryptionsalt"];
  const given = env["PULUMI_CONFIG_PASSPHRASE"] !== undefined || Boolean(env["PULUMI_CONFIG_PASSPHRASE_FILE"]);
  return byPassphrase && !managed && !given;
}

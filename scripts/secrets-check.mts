// Usage: secrets-check.mts PROJECT_DIR PROJECT STACK DATA_DIR [CONFIG_FILE PASSPHRASE_FILE]
// Proves that a stack's secrets can be decrypted, and that none of them stands in clear in its state, in what is kept of
// earlier ones, or in its configuration. Changes nothing; plain texts stay in memory.
import { join } from "node:path";
import { backendFolder } from "./lib/backend.mts";
import { readYaml } from "./lib/project.mts";
import { count, script, UserError } from "./lib/run.mts";
import { plainSecretsIn, settingName } from "./lib/secrets/config.mts";
import { decryptedState, givenSecrets, keptState, type Stack } from "./lib/secrets/decrypted.mts";
import { knownSecrets, setAnew } from "./lib/secrets/known.mts";
import { markedIn } from "./lib/secrets/marked.mts";
import { passphraseInForce } from "./lib/secrets/passphrase.mts";
import { backendFiles, configFiles, ownFiles, readText, stateFile } from "./lib/secrets/places.mts";
import { configSalt, stateSalt } from "./lib/secrets/salts.mts";
import { type Found, Search } from "./lib/secrets/search.mts";

const MOST_LINES = 12;

interface Place {
  readonly file: string;
  readonly read: () => string;
}

const withoutLogin = (url: string): string => url.replace(/\/\/[^/]*@/, "//");

function places(stack: Stack, projectDir: string, dataDir: string, exists: boolean): Place[] {
  const files = [
    ...backendFiles(stack.backendUrl, stack),
    ...ownFiles(dataDir, stack.stack),
    ...configFiles(projectDir, stack.stack),
  ];
  const elsewhere = exists && backendFolder(stack.backendUrl) === undefined;
  return [
    ...(elsewhere ? [{ file: withoutLogin(stack.backendUrl), read: () => keptState(stack.stack) }] : []),
    ...files.map((file) => ({ file, read: () => readText(file) })),
  ];
}

interface Leak {
  readonly words: string;
  readonly fix: string;
}

/** `secrets.*` in plain text, which Pulumi takes all the same. */
function plainSettings({ project, stack }: Stack, files: readonly string[]): Leak[] {
  return files.flatMap((file) =>
    plainSecretsIn(readYaml(file) ?? {}, project).map((path) => {
      const name = settingName(path, project);
      return { words: `${file}: ${name}: want it encrypted, got plain text`, fix: setAnew(name, stack) };
    }),
  );
}

function leak({ secret, spelling, file, at }: Found): Leak {
  return {
    words: `${file}: ${at}: holds ${secret.name} (${spelling})`,
    fix: `stop what put it there, then ${secret.fix}`,
  };
}

function bounded(lines: readonly string[]): string[] {
  const rest = lines.length - MOST_LINES;
  return [...lines.slice(0, MOST_LINES), ...(rest > 0 ? [`and ${rest} more`] : [])];
}

/** A secret may be part of a name, so what is said is searched, too. */
function complain(stack: string, leaks: readonly Leak[], search: Search): void {
  if (leaks.length === 0) return;
  const fixes = new Set(leaks.map(({ fix }) => `fix: ${fix}`));
  throw new UserError(
    `stack ${stack}: ${count(leaks.length, "place")} with a secret in clear`,
    ...bounded(leaks.map(({ words }) => search.redact(words))),
    ...bounded([...fixes].map((fix) => search.redact(fix))),
  );
}

function stackOf(args: readonly string[]): Stack {
  const [projectDir = "", project = "", stack = "", , ownConfig = "", ownPassphrase = ""] = args;
  const configFile = ownConfig || join(projectDir, `Pulumi.${stack}.yaml`);
  const config = readYaml(configFile) ?? {};
  const backendUrl = process.env["PULUMI_BACKEND_URL"] ?? "";
  const isLocked = (configSalt(config) ?? stateSalt(backendUrl, { project, stack })) !== undefined;
  const passphrase = isLocked ? passphraseInForce(stack, ownPassphrase, process.env) : undefined;
  return { project, stack, backendUrl, configFile, config, passphrase };
}

await script((args) => {
  const [projectDir = "", , , dataDir = ""] = args;
  const stack = stackOf(args);
  const inFolder = backendFolder(stack.backendUrl) !== undefined;
  const given = givenSecrets(stack);
  const state = inFolder && !stateFile(stack.backendUrl, stack) ? undefined : decryptedState(stack);

  const search = new Search(knownSecrets(stack.stack, given, state));
  const searched = places(stack, projectDir, dataDir, state !== undefined);
  const found = searched.flatMap(({ file, read }) => search.in(file, read()));
  const plain = plainSettings(stack, configFiles(projectDir, stack.stack));
  complain(stack.stack, [...plain, ...found.map(leak)], search);

  const secrets = count(given.length + markedIn(state).length, "secret decrypts", "secrets decrypt");
  const clear = `none in clear in ${count(searched.length, "file")}`;
  console.log(`${secrets}, ${clear}${state === undefined ? `; ${stack.stack} has no state yet` : ""}`);
});

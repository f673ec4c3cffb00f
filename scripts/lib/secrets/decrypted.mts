// Every secret of a stack in plain text, in memory only: of its configuration and of its state.
import { basename } from "node:path";
import type { StackId } from "../backend.mts";
import type { Tree } from "../merge.mts";
import { capture, lines, UserError } from "../run.mts";
import { type Secured, securedIn, settingName, shownValues } from "./config.mts";
import { describeSpot, type MarkedAt, markedIn } from "./marked.mts";
import { decrypt, keyFor, type Passphrase } from "./passphrase.mts";
import { configSalt, usesKeyService } from "./salts.mts";

export interface Stack extends StackId {
  readonly backendUrl: string;
  readonly configFile: string;
  readonly config: Tree;
  /** Nothing where the stack does not use one. */
  readonly passphrase: Passphrase | undefined;
}

export interface GivenSecret {
  /** The setting's name, for `config set --path`. */
  readonly name: string;
  readonly value: string;
}

const LONGEST_REASON = 300;

/** What the CLI said, in one line. */
function reason(stderr: string): string {
  const words = lines(stderr).map((line) => line.trim());
  const text = words.join(" ").replace(/^error: /, "") || "it did not say why";
  return text.length > LONGEST_REASON ? `${text.slice(0, LONGEST_REASON)}…` : text;
}

/** The encrypted values of the configuration file. */
export function givenSecrets(stack: Stack): GivenSecret[] {
  const secured = securedIn(stack.config);
  if (secured.length === 0) return [];
  const salt = configSalt(stack.config);
  const values = salt === undefined ? askForValues(stack, secured) : ownValues(stack, salt, secured);
  const names = secured.map(({ path }) => settingName(path, stack.project));
  const locked = names.filter((_, index) => values[index] === undefined);
  if (locked.length > 0) {
    throw new UserError(
      `${basename(stack.configFile)}: ${locked.join(", ")} cannot be decrypted: encrypted for another stack, or cut short`,
      `set anew: ./dev pulumi config set --secret --path ${locked[0]} --stack ${stack.stack}`,
    );
  }
  return names.map((name, index) => ({ name, value: values[index] ?? "" }));
}

function ownValues({ passphrase }: Stack, salt: string, secured: readonly Secured[]): (string | undefined)[] {
  const key = passphrase && keyFor(passphrase.value, salt);
  return secured.map(({ ciphertext }) => key && decrypt(key, ciphertext));
}

/** The CLI would put a new salt into a file that has neither a salt nor a key service. */
function askForValues({ stack, backendUrl, config, configFile }: Stack, secured: readonly Secured[]) {
  const file = basename(configFile);
  if (!usesKeyService(config) && !/^https?:/.test(backendUrl)) {
    throw new UserError(
      `${file} has encrypted values, and no encryptionsalt to decrypt them with`,
      "get that line back from git",
    );
  }
  const args = ["config", "--show-secrets", "--json", "--non-interactive", "--stack", stack];
  const { status, stdout, stderr } = capture("pulumi", args);
  if (status !== 0) throw new UserError(`${file} cannot be decrypted: ${reason(stderr)}`);
  return shownValues(stdout, secured);
}

interface Exported {
  readonly deployment?: unknown;
}

/** The state with its secrets in plain text; nothing where there is no such stack. */
export function decryptedState(stack: Stack): unknown {
  const { status, stdout, stderr } = exportState(stack.stack, "--show-secrets");
  if (status === 0) return (JSON.parse(stdout) as Exported).deployment ?? {};
  if (stderr.includes("no stack named")) return undefined;
  const message = `the state of stack ${stack.stack} cannot be decrypted`;
  const [locked] = lockedSecrets(stack);
  if (!locked) throw new UserError(`${message}: ${reason(stderr)}`);
  throw new UserError(
    `${message}: ${describeSpot(locked)} is damaged`,
    "take an earlier state, of the history or .bak",
  );
}

/** The state as it is kept, as text. */
export function keptState(stack: string): string {
  const { status, stdout, stderr } = exportState(stack);
  if (status !== 0) throw new UserError(`the state of stack ${stack} cannot be read: ${reason(stderr)}`);
  return stdout;
}

function exportState(stack: string, ...options: string[]) {
  return capture("pulumi", ["stack", "export", ...options, "--stack", stack, "--non-interactive"]);
}

interface Kept {
  readonly secrets_providers?: { readonly type?: string; readonly state?: { readonly salt?: string } };
}

/** Those secrets of a state, encrypted with a passphrase, that keep the CLI from decrypting it. */
function lockedSecrets({ stack, passphrase }: Stack): MarkedAt[] {
  const { deployment } = JSON.parse(keptState(stack)) as Exported;
  const salt = (deployment as Kept | undefined)?.secrets_providers?.state?.salt;
  const key = passphrase && salt !== undefined ? keyFor(passphrase.value, salt) : undefined;
  if (key === undefined) return [];
  return markedIn(deployment).filter(({ marked }) => decrypt(key, marked.ciphertext ?? "") === undefined);
}

// Which salts the passphrase of a stack has to fit.
import { basename } from "node:path";
import type { StackId } from "../backend.mts";
import type { Tree } from "../merge.mts";
import { UserError } from "../run.mts";
import { keyFor, type Passphrase } from "./passphrase.mts";
import { readText, stateFile } from "./places.mts";

export interface Salts {
  /** Name of the configuration file. */
  readonly configFile: string;
  /** The configuration's; nothing where it has none yet, or does not use a passphrase. */
  readonly config: string | undefined;
  /** The state's; nothing where it has none yet, does not use a passphrase, or only the CLI can read it. */
  readonly state: string | undefined;
}

interface StateFile {
  readonly checkpoint?: { readonly latest?: { readonly secrets_providers?: Provider } | null };
}

interface Provider {
  readonly type?: string;
  readonly state?: { readonly salt?: string };
}

/** Whether the configuration names a provider that is no passphrase, such as a cloud's key service. */
export function usesKeyService(config: Tree): boolean {
  const provider = config["secretsprovider"];
  return typeof provider === "string" && !["", "passphrase", "default"].includes(provider);
}

export function configSalt(config: Tree): string | undefined {
  const salt = config["encryptionsalt"];
  return typeof salt === "string" && salt !== "" && !usesKeyService(config) ? salt : undefined;
}

/** The salt of a state in a folder. */
export function stateSalt(backendUrl: string, id: StackId): string | undefined {
  const file = stateFile(backendUrl, id);
  if (file === undefined) return undefined;
  let state: StateFile;
  try {
    state = JSON.parse(readText(file)) as StateFile;
  } catch {
    throw new UserError(`the state file ${file} is damaged`, `the one before it: ${file}.bak`);
  }
  const provider = state.checkpoint?.latest?.secrets_providers;
  return provider?.type === "passphrase" ? provider.state?.salt : undefined;
}

/** Fails with one line and a hint unless the passphrase fits all that the stack has encrypted with one. */
export function requireFit(stack: string, { value, source }: Passphrase, { configFile, config, state }: Salts): void {
  const fits = (salt: string): boolean => keyFor(value, salt) !== undefined;
  const fitsConfig = config === undefined || fits(config);
  const fitsState = state === undefined || (state === config ? fitsConfig : fits(state));
  if (fitsConfig && fitsState) return;
  const file = basename(configFile);
  if (config !== undefined && state !== undefined && fitsConfig !== fitsState) {
    const [fitting, other] = fitsConfig ? [file, "its state"] : ["its state", file];
    throw new UserError(
      `the passphrase of stack ${stack} fits ${fitting}, but not ${other}, nothing was changed: check the file's version`,
      `get back from git the ${file} that belongs to this state, and use its passphrase (docs/troubleshooting.md)`,
    );
  }
  throw new UserError(
    `the passphrase of stack ${stack} does not fit ${config === undefined ? "its state" : file}, nothing was changed: check ${source}`,
    source.startsWith("PULUMI_")
      ? "want the one that the stack was made with, or changed to since (docs/troubleshooting.md)"
      : "get that file back from where it is kept a second time (docs/troubleshooting.md)",
  );
}

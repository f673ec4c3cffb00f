// Usage: passphrase.mts PROJECT_DIR PROJECT STACK BACKEND_URL [CONFIG_FILE PASSPHRASE_FILE]
// Fails unless the passphrase fits what the stack has encrypted with one. Changes nothing, and asks no backend elsewhere.
import { join } from "node:path";
import { passphraseInForce } from "./lib/secrets/passphrase.mts";
import { readYaml } from "./lib/project.mts";
import { script } from "./lib/run.mts";
import { configSalt, requireFit, stateSalt } from "./lib/secrets/salts.mts";

await script(([projectDir = "", project = "", stack = "", backendUrl = "", ownConfig = "", ownPassphrase = ""]) => {
  const configFile = ownConfig || join(projectDir, `Pulumi.${stack}.yaml`);
  const config = configSalt(readYaml(configFile) ?? {});
  const state = stateSalt(backendUrl, { project, stack });
  if (config === undefined && state === undefined) return;
  const passphrase = passphraseInForce(stack, ownPassphrase, process.env);
  if (passphrase) requireFit(stack, passphrase, { configFile, config, state });
});

// The stack itself: its file, its passphrase, its state, and an update that was cut off.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { backendFolder, readLocks, readState, type StackId } from "../backend.mts";
import { readIfThere } from "../files.mts";
import { describeLock } from "../locks.mts";
import { count, UserError } from "../run.mts";
import { type Finding, missing, note, ok } from "./finding.mts";

/** What `dev` found out; scripts/stack-settings.mts has the names. */
export interface StackFacts extends StackId {
  readonly dataDir: string;
  readonly backendUrl: string;
  readonly hasFile: boolean;
  readonly stackFiles: string;
  readonly passphraseMissing: boolean;
}

function judgeFile({ stack, hasFile, stackFiles }: StackFacts): Finding {
  if (hasFile) return ok("Stack", "settings", `Pulumi.${stack}.yaml`);
  const text = `want a file Pulumi.${stack}.yaml, got none; stacks here: ${stackFiles || "none"}`;
  return missing("Stack", "settings", text, "name one of these stacks, or write that file");
}

function judgePassphrase(facts: StackFacts, exists: boolean): Finding {
  const { stack, dataDir, passphraseMissing } = facts;
  if (stack !== "dev") {
    if (!passphraseMissing) return ok("Stack", "passphrase", "given, or not needed");
    const fix = "set PULUMI_CONFIG_PASSPHRASE_FILE (a file) or PULUMI_CONFIG_PASSPHRASE";
    return missing("Stack", "passphrase", "want the passphrase that encrypts the stack's secrets, got none", fix);
  }
  const file = join(dataDir, "passphrase");
  if (existsSync(file)) return ok("Stack", "passphrase", file);
  if (!exists) return note("Stack", "passphrase", "none yet: the first up makes it");
  const text = `want the passphrase with which the state was encrypted in ${file}, got no such file`;
  return missing("Stack", "passphrase", text, "put it back: without it nobody can read the stack's secrets");
}

/** Who has locked the stack, or nothing. */
function locker(facts: StackFacts): string | undefined {
  try {
    return readLocks(facts.backendUrl, facts).map(describeLock)[0];
  } catch {
    return "a lock that was written half";
  }
}

/** An update at work or cut off, by the marker of `dev` and the locks of Pulumi. */
function judgeUnfinished(facts: StackFacts, pending: number): Finding {
  const marker = readIfThere(join(facts.dataDir, `${facts.stack}.unfinished`));
  const lock = locker(facts);
  if (lock) return note("Stack", "update", `at work or cut off: locked by ${lock}`);
  if (marker !== undefined || pending > 0) {
    const left = pending > 0 ? `, ${count(pending, "operation")} left pending` : "";
    return note("Stack", "update", `the last one was cut off${left}: the next up clears up and goes on`);
  }
  return ok("Stack", "update", "none unfinished");
}

export function judgeStack(facts: StackFacts): Finding[] {
  if (!facts.hasFile) return [judgeFile(facts)];
  const folder = backendFolder(facts.backendUrl);
  if (!folder) {
    const state = note("Stack", "state", `in ${new URL(facts.backendUrl).protocol}//, not looked at`);
    return [judgeFile(facts), judgePassphrase(facts, false), state];
  }
  try {
    const state = readState(facts.backendUrl, facts);
    const text = state ? `${count(state.resources, "resource")} in ${folder}` : `none yet: up creates it in ${folder}`;
    return [
      judgeFile(facts),
      judgePassphrase(facts, state !== undefined),
      ok("Stack", "state", text),
      judgeUnfinished(facts, state?.pending.length ?? 0),
    ];
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return [judgeFile(facts), missing("Stack", "state", error.message, error.hints.join(" "))];
  }
}

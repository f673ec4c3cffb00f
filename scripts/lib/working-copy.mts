// dev works on an ignored copy of the committed Pulumi.dev.yaml, so that `up` and `config set` leave git clean.
import { join } from "node:path";
import { stringify } from "yaml";
import { readIfThere, writeIfChanged } from "./files.mts";
import { mergeTrees, type Tree, withoutSecrets } from "./merge.mts";
import { readYaml } from "./project.mts";

export interface WorkingCopy {
  readonly file: string;
  readonly content: Tree;
  /** What the user should know: kept conflicts, secrets that had to go. */
  readonly notes: readonly string[];
}

export interface WorkingCopyArgs {
  readonly projectDir: string;
  readonly stack: string;
  /** Where the salt is shared between clones. */
  readonly saltFile: string;
  /** The passphrase was made just now: what was encrypted with an earlier one can never be read again. */
  readonly passphraseIsNew: boolean;
}

/** Brings new committed values into the working copy, keeps local edits and gives it the shared salt. */
export function syncWorkingCopy(args: WorkingCopyArgs): WorkingCopy {
  const committedFile = join(args.projectDir, `Pulumi.${args.stack}.yaml`);
  const folder = join(args.projectDir, ".dockwright");
  const file = join(folder, `Pulumi.${args.stack}.yaml`);
  const baseFile = join(folder, `Pulumi.${args.stack}.base.yaml`);

  const committedText = readIfThere(committedFile) ?? "{}\n";
  const committed = readYaml(committedFile) ?? {};
  const local = readYaml(file);
  const merged = local ? mergeTrees(readYaml(baseFile) ?? {}, committed, local) : { value: committed, conflicts: [] };
  const notes = merged.conflicts.map((key) => `kept your local ${key} in ${file}, the committed value changed too`);

  const { content, dropped } = shareSalt(merged.value, args);
  if (dropped.length > 0) {
    writeIfChanged(`${file}.old`, stringify(merged.value, { lineWidth: 0 }));
    notes.push(...dropped.map((key) => `removed ${key}, encrypted with another passphrase: set it again`));
    notes.push(`the former copy is ${file}.old`);
  }
  writeIfChanged(file, stringify(content, { lineWidth: 0 }));
  writeIfChanged(baseFile, committedText);
  return { file, content, notes };
}

/** What the working copy would hold after `syncWorkingCopy`, without making it. */
export function lookAtWorkingCopy(projectDir: string, stack: string): Tree {
  const folder = join(projectDir, ".dockwright");
  const committed = readYaml(join(projectDir, `Pulumi.${stack}.yaml`)) ?? {};
  const local = readYaml(join(folder, `Pulumi.${stack}.yaml`));
  const base = readYaml(join(folder, `Pulumi.${stack}.base.yaml`)) ?? {};
  return local ? mergeTrees(base, committed, local).value : committed;
}

/**
 * The salt belongs to the passphrase, so both live with the user's data; a working copy only repeats it. Dropped is
 * what was encrypted with another passphrase.
 */
function shareSalt(content: Tree, args: WorkingCopyArgs): { content: Tree; dropped: readonly string[] } {
  const shared = readIfThere(args.saltFile)?.trim();
  const own = content["encryptionsalt"];
  if (shared === undefined && typeof own === "string" && !args.passphraseIsNew) {
    writeIfChanged(args.saltFile, `${own}\n`, 0o600);
    return { content, dropped: [] };
  }
  if (own === shared) return { content, dropped: [] };
  const { value, dropped } = own === undefined ? { value: content, dropped: [] } : withoutSecrets(content);
  const rest = Object.fromEntries(Object.entries(value).filter(([key]) => key !== "encryptionsalt"));
  return { content: shared === undefined ? rest : { ...rest, encryptionsalt: shared }, dropped };
}

// Usage: stack-init.mts PROJECT_DIR STACK [WORKING_COPY SALT_FILE]
// Creates the stack's state. With a working copy (dev) nothing is written into the project: `stack init` knows no
// --config-file and would put the salt into the committed file, so it runs in a scratch folder.
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { writeIfChanged } from "./lib/files.mts";
import { readYaml } from "./lib/project.mts";
import { capture, script, UserError } from "./lib/run.mts";

/** What the stack's file says of a key service counts: the CLI alone would take a passphrase. */
function init(dir: string, stack: string): void {
  const provider = readYaml(join(dir, `Pulumi.${stack}.yaml`))?.["secretsprovider"];
  const named = typeof provider === "string" ? ["--secrets-provider", provider] : [];
  const done = capture("pulumi", ["-C", dir, "stack", "init", stack, ...named, "--no-select", "--non-interactive"]);
  if (done.status === 0 || /already exists/.test(done.stderr)) return;
  throw new UserError(`the stack ${stack} could not be created: ${done.stderr.trim()}`);
}

function initBeside(projectDir: string, stack: string, workingCopy: string, saltFile: string): void {
  const scratch = mkdtempSync(join(tmpdir(), "dockwright-"));
  try {
    copyFileSync(join(projectDir, "Pulumi.yaml"), join(scratch, "Pulumi.yaml"));
    const scratchFile = join(scratch, `Pulumi.${stack}.yaml`);
    const content = readYaml(workingCopy) ?? {};
    const salt = content["encryptionsalt"];
    writeIfChanged(scratchFile, stringify(salt === undefined ? {} : { encryptionsalt: salt }, { lineWidth: 0 }));
    init(scratch, stack);
    const made = readYaml(scratchFile)?.["encryptionsalt"];
    if (typeof made !== "string" || made === salt) return;
    writeIfChanged(saltFile, `${made}\n`, 0o600);
    writeIfChanged(workingCopy, stringify({ ...content, encryptionsalt: made }, { lineWidth: 0 }));
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

await script(([projectDir = "", stack = "", workingCopy, saltFile]) => {
  if (workingCopy && saltFile) initBeside(projectDir, stack, workingCopy, saltFile);
  else init(projectDir, stack);
});

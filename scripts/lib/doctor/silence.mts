// A daemon that does not answer: why, and what to do.
import { join } from "node:path";
import { ask } from "./ask.mts";
import { NO_COMMAND } from "./daemon.mts";
import { type Finding, missing, note } from "./finding.mts";

const SSH_MS = 10_000;
const DEFAULT = "the default socket";

export interface Silence {
  readonly complaint: string;
  readonly dockerHost: string;
  /** Who chose that daemon, as `dev` names it. */
  readonly from: string;
  /** `up` installs or starts one itself. */
  readonly mayInstall: boolean;
}

async function explainSsh({ complaint, dockerHost }: Silence): Promise<{ text: string; fix: string } | undefined> {
  const script = join(import.meta.dirname, "..", "..", "ssh-trouble.mts");
  const { status, stdout } = await ask(process.execPath, [script, dockerHost, complaint], SSH_MS);
  const [text = "", ...fixes] = stdout.trim().split("\n");
  return status === 0 && text ? { text, fix: fixes.join("; ") } : undefined;
}

function advice({ complaint, from }: Silence): string {
  if (complaint === NO_COMMAND) return "install Docker Engine (Linux), or Docker Desktop, OrbStack or Colima (macOS)";
  return from === DEFAULT
    ? "start it (sudo systemctl start docker), and be a member of the group docker"
    : "start that daemon, or point to another one (unset DOCKER_HOST, docker context use …)";
}

export async function judgeSilence(silence: Silence): Promise<Finding> {
  const { complaint, dockerHost, from, mayInstall } = silence;
  if (mayInstall) return note("Docker", "daemon", `none answers at ${from} (${complaint}): up installs and starts one`);
  const bySsh = dockerHost.startsWith("ssh://") && complaint !== NO_COMMAND ? await explainSsh(silence) : undefined;
  const { text, fix } = bySsh ?? { text: complaint, fix: advice(silence) };
  return missing("Docker", "daemon", `want an answer at ${from}, got: ${text}`, fix);
}

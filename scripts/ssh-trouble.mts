// Usage: ssh-trouble.mts URL COMPLAINT
// For a docker host ssh://… that did not answer: finds out why, without asking anything and without changing anything.
// Prints what is wrong, and in further lines what to do. COMPLAINT is what the docker command said.
import { ask } from "./lib/doctor/ask.mts";
import { script } from "./lib/run.mts";
import { explain, parseTarget, type SshTarget, type Trouble } from "./lib/ssh.mts";

const CONNECT_SECONDS = 8;
const PATIENCE_MS = 15_000;

function find({ user, host, port, socket }: SshTarget) {
  const options = ["-T", "-o", "BatchMode=yes", "-o", `ConnectTimeout=${CONNECT_SECONDS}`];
  const where = [...(user ? ["-l", user] : []), ...(port ? ["-p", port] : []), "--", host];
  const command = ["docker", ...(socket ? [`--host=unix://${socket}`] : []), "version"];
  return ask("ssh", [...options, ...where, ...command, "--format", "{{.Server.Version}}"], PATIENCE_MS);
}

async function trouble(url: string, complaint: string): Promise<Trouble> {
  const target = parseTarget(url);
  if (!target) return { what: "this is no address of the form ssh://user@host:port", fixes: ["correct it"] };
  const { status, stderr } = await find(target);
  if (status !== 0) return explain(target, status, stderr);
  return { what: complaint, fixes: ["the SSH login works and Docker answers there: is the host very busy?"] };
}

await script(async ([url = "", complaint = ""]) => {
  const { what, fixes } = await trouble(url, complaint);
  console.log([what, ...fixes].join("\n"));
});

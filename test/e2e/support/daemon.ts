import * as fs from "node:fs";

import { ProjectCopy } from "./project";
import { eventually, succeed } from "./run";

/** Where a daemon that no service manager runs leaves its process id. */
const PID_FILE = "/var/run/docker.pid";

/** Stops this machine's Docker daemon and has it started again, by systemd where that runs it, else by `./dev`. */
export async function restartDockerDaemon(project: ProjectCopy): Promise<void> {
  if (fs.existsSync("/run/systemd/system")) {
    await succeed("systemctl", ["restart", "docker"]);
    return;
  }
  const pid = Number(fs.readFileSync(PID_FILE, "utf8"));
  process.kill(pid, "SIGTERM");
  await eventually("the daemon to end", 60, () => Promise.resolve(isRunning(pid) ? undefined : true));
  // It outlives these tests, and with them the folder of their temporary files.
  const { code, output } = await project.dev(["images"], { TMPDIR: "/tmp" });
  if (code !== 0) throw new Error(`the daemon was not started again:\n${output}`);
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // A zombie that nobody has reaped yet has ended, too.
    return !/^State:\s+Z/m.test(fs.readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}

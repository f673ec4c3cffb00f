// What the figures depend on, without the name of the machine or any path on it.
import { availableParallelism, loadavg, totalmem } from "node:os";
import { capture } from "../../scripts/lib/run.mts";

export function machineFacts(compose: string): string[] {
  const daemon = capture("docker", [
    "version",
    "--format",
    "{{.Server.Version}}, API {{.Server.APIVersion}}",
  ]).stdout.trim();
  const memory = Math.round(totalmem() / 2 ** 30);
  const cores = availableParallelism();
  return [
    `${cores} cores, ${memory} GiB, ${process.platform} ${process.arch}, load ${loadavg()[0]?.toFixed(1)} before the run`,
    `Docker Engine ${daemon}; Compose ${compose}; Node ${process.versions.node}`,
  ];
}

import { Offered } from "./container-checks";
import { docker } from "./docker";
import { Inspected } from "./inspected";

const UNITS: Readonly<Record<string, number>> = { B: 1 / 1024 ** 2, KiB: 1 / 1024, MiB: 1, GiB: 1024 };

/** Memory that containers use now, in all. */
export async function memoryMiB(containers: readonly Inspected[]): Promise<number> {
  const ids = containers.map(({ Id }) => Id);
  const lines = await docker("stats", "--no-stream", "--format", "{{.MemUsage}}", ...ids);
  const used = [...lines.matchAll(/^([\d.]+)(\w+) \//gm)];
  expect(used).toHaveLength(containers.length);
  return Math.round(used.reduce((sum, [, number, unit = ""]) => sum + Number(number) * (UNITS[unit] ?? NaN), 0));
}

/** What the daemon's kernel offers to confine containers with. */
export async function offered(): Promise<Offered> {
  const options = await docker("info", "--format", "{{json .SecurityOptions}}");
  return { appArmor: options.includes("name=apparmor"), seLinux: options.includes("name=selinux") };
}

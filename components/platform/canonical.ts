import { Tmpfs } from "./service-spec";

/**
 * The forms in which Docker reads values back. Anything else shows as a change on every refresh:
 * durations come back as Go prints them, CPU counts as decimals.
 */

/** Seconds as Go's `Duration.String()`: 90 → `1m30s`. */
export function goDuration(seconds: number): string {
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  const rest = `${seconds % 60}s`;
  if (hours > 0) return `${hours}h${minutes}m${rest}`;
  return minutes > 0 ? `${minutes}m${rest}` : rest;
}

/** Cores as the provider prints nano-CPUs: 1 → `1.0`, 0.25 → `0.25`. */
export function decimalCpus(cpus: number): string {
  return Number.isInteger(cpus) ? cpus.toFixed(1) : String(cpus);
}

/** Options of a tmpfs mount. Owner and mode are explicit: without them an existing folder of the image wins. */
export function tmpfsOptions(user: string, { sizeMiB, mode = "0700", executable = false }: Tmpfs): string {
  const [uid, gid] = user.split(":");
  return `uid=${uid},gid=${gid ?? uid},mode=${mode},size=${sizeMiB}m,${executable ? "" : "no"}exec,nosuid,nodev`;
}

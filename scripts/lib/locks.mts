// Whose lock is it? Only a lock of this machine whose process is dead may be taken away.

/** A lock file of Pulumi's folder backend. */
export interface Lock {
  readonly pid: number;
  readonly username: string;
  readonly hostname: string;
  readonly timestamp: string;
}

export interface Machine {
  readonly hostname: string;
  /** When the process began (ms since the epoch), or nothing when there is no such process. */
  readonly startOf: (pid: number) => number | undefined;
}

export type Holder = "dead" | "alive" | "foreign";

/** `ps` rounds to seconds, so a process may seem to begin a little after it took its lock. */
const CLOCK_SLACK_MS = 2_000;

export function holderOf(lock: Lock, machine: Machine): Holder {
  if (lock.hostname !== machine.hostname) return "foreign";
  const start = machine.startOf(lock.pid);
  if (start === undefined) return "dead";
  // A process that began after the lock was taken only has the same number.
  return start > Date.parse(lock.timestamp) + CLOCK_SLACK_MS ? "dead" : "alive";
}

export function describeLock(lock: Lock): string {
  return `process ${lock.pid} of ${lock.username}@${lock.hostname}, since ${lock.timestamp.slice(0, 19)}`;
}

/** `ps -o etime` as milliseconds: `[[dd-]hh:]mm:ss`. */
export function parseElapsed(text: string): number | undefined {
  const match = /^(?:(?:(\d+)-)?(\d+):)?(\d+):(\d+)$/.exec(text.trim());
  if (!match) return undefined;
  const [days = 0, hours = 0, minutes = 0, seconds = 0] = match.slice(1).map((part) => Number(part ?? 0));
  return (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000;
}

import { Sent } from "./connections";

/** The part of a load between two points in time, or all of it, in a line. */
export function summary(sent: readonly Sent[]): string {
  const failures = sent.filter(({ failure }) => failure !== undefined);
  const idle = failures.filter(({ idleSeconds }) => idleSeconds !== undefined).length;
  const failed = `${failures.length} failed${idle === 0 ? "" : `, ${idle} of them of clients that had been idle`}`;
  const durations = sent.map(({ durationMs }) => durationMs).sort((a, b) => a - b);
  const times = `p50 ${quantile(durations, 0.5)} ms, p99 ${quantile(durations, 0.99)} ms`;
  return `${sent.length} requests, ${failed}, ${times}`;
}

/** Failures as a test shows them, the first ones alone. */
export function told(failures: readonly Sent[]): string[] {
  return failures.slice(0, 20).map(({ atSeconds, idleSeconds, method, path, failure = "", durationMs }) => {
    const idle = idleSeconds === undefined ? "" : ` by a client that was idle for ${idleSeconds.toFixed(1)} s`;
    const when = `at ${atSeconds.toFixed(1)} s, after ${Math.round(durationMs)} ms`;
    return `${method} ${path}${idle}, ${when}: ${failure}`;
  });
}

function quantile(sorted: readonly number[], share: number): number {
  return Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0);
}

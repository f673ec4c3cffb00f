// What the samples of one scenario say.

export function median(samples: readonly number[]): number {
  if (samples.length === 0) throw new Error("no samples");
  const sorted = [...samples].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
}

export function minimum(samples: readonly number[]): number {
  if (samples.length === 0) throw new Error("no samples");
  return Math.min(...samples);
}

/** A point of a growth curve: how many services, and what it took. */
export interface Point {
  readonly services: number;
  readonly value: number;
}

/** What one more service costs between each two neighbours of the curve. */
export function costPerService(points: readonly Point[]): number[] {
  const sorted = [...points].sort((a, b) => a.services - b.services);
  return sorted.slice(1).map((point, index) => {
    const before = sorted[index] as Point;
    return (point.value - before.value) / (point.services - before.services);
  });
}

/** How far the cost of the last services is from that of the first, as a part of it: 0.2 means a fifth more. */
export function drift(points: readonly Point[]): number {
  const costs = costPerService(points);
  const [first, last] = [costs[0], costs.at(-1)];
  if (first === undefined || last === undefined || costs.length < 2) throw new Error("want three points or more");
  return last / first - 1;
}

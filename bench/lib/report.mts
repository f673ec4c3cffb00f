// The verdicts: what was measured, against what it is to be compared with, as a table for the screen and for RESULTS.md.
import { growthScenario, SIZES } from "./growth.mts";
import type { Recorder, Samples, Side } from "./recorder.mts";
import { costPerService, drift, median, minimum, type Point } from "./statistics.mts";

/** The targets: a cold start against Compose, the engine's own work against its floor, and growth in a straight line. */
const COLD_TARGET = 1.3;
const FLOOR_TARGET = 1.3;
const GROWTH_TARGET = 0.2;

interface Comparison {
  readonly title: string;
  readonly scenario: string;
  readonly peer: Side;
  readonly ours: Side;
  readonly unit: keyof Samples;
  /** Largest ratio of the medians that is good enough. @default none: reported only */
  readonly target?: number;
}

const compare = (
  title: string,
  scenario: string,
  peer: Side,
  ours: Side,
  rest: Partial<Comparison> = {},
): Comparison => ({
  ...{ title, scenario, peer, ours, unit: "wall" },
  ...rest,
});

const COMPARISONS: readonly Comparison[] = [
  compare("cold start until all is healthy", "cold", "compose", "./dev", { target: COLD_TARGET }),
  compare("up, nothing changed", "unchanged", "floor", "pulumi", { target: FLOOR_TARGET }),
  compare("preview, nothing changed", "preview", "floor", "pulumi", { target: FLOOR_TARGET }),
  compare("one new image until all is healthy", "image", "compose", "pulumi"),
  compare("removal with all data", "teardown", "compose", "./dev"),
  compare("up, nothing changed", "unchanged", "compose", "./dev"),
  compare("preview, nothing changed", "preview", "compose", "./dev"),
  compare("up: the script around Pulumi", "unchanged", "pulumi", "./dev"),
  compare("preview: the script around Pulumi", "preview", "pulumi", "./dev"),
  compare("up, nothing changed: processor time", "unchanged", "floor", "pulumi", { unit: "cpu" }),
  compare("preview, nothing changed: processor time", "preview", "floor", "pulumi", { unit: "cpu" }),
];

/** A row of a table; all rows of one table have the same cells. */
export type Row = readonly string[];

export interface Table {
  readonly title: string;
  readonly head: Row;
  readonly rows: readonly Row[];
}

export function comparisonTable(recorder: Recorder): Table {
  const rows = COMPARISONS.flatMap((comparison) => {
    const peer = recorder.of(comparison.scenario, comparison.peer)?.[comparison.unit];
    const ours = recorder.of(comparison.scenario, comparison.ours)?.[comparison.unit];
    if (!peer || !ours) return [];
    const ratio = median(ours) / median(peer);
    return [
      [
        comparison.title,
        `${comparison.peer}: ${seconds(peer)}`,
        `${comparison.ours}: ${seconds(ours)}`,
        ratio.toFixed(2),
        ...verdict(ratio, comparison.target),
      ],
    ];
  });
  const head = ["scenario", "peer: median (min)", "ours: median (min)", "ratio", "target", "verdict"];
  return { title: "Lunch Bot, nine services", head, rows };
}

function seconds(samples: readonly number[]): string {
  return `${median(samples).toFixed(2)} s (${minimum(samples).toFixed(2)})`;
}

function verdict(ratio: number, target: number | undefined): [string, string] {
  if (target === undefined) return ["", ""];
  return [`≤ ${target}`, ratio <= target ? "met" : "missed"];
}

const GROWTH: readonly { what: Parameters<typeof growthScenario>[0]; title: string; side: Side }[] = [
  { what: "cold", title: "cold start", side: "./dev" },
  { what: "cold", title: "cold start", side: "compose" },
  { what: "unchanged", title: "up, nothing changed", side: "pulumi" },
  { what: "unchanged", title: "up, nothing changed", side: "compose" },
  { what: "preview", title: "preview", side: "pulumi" },
  { what: "preview", title: "preview", side: "compose" },
];

export function growthTable(recorder: Recorder): Table {
  const rows = GROWTH.flatMap(({ what, title, side }) => {
    const points = SIZES.flatMap((services): Point[] => {
      const samples = recorder.of(growthScenario(what, services), side)?.wall;
      return samples ? [{ services, value: median(samples) }] : [];
    });
    if (points.length < SIZES.length) return [];
    const change = drift(points);
    return [
      [
        `${title}, ${side}`,
        ...points.map(({ value }) => `${value.toFixed(2)} s`),
        ...costPerService(points).map((cost) => `${(cost * 1000).toFixed(0)} ms`),
        `${change >= 0 ? "+" : "−"}${Math.abs(change * 100).toFixed(0)} %`,
        side === "compose" ? "" : `≤ +${GROWTH_TARGET * 100} %`,
        side === "compose" ? "" : change <= GROWTH_TARGET ? "met" : "missed",
      ],
    ];
  });
  const steps = SIZES.slice(1).map((size, index) => `one more, ${SIZES[index]}–${size}`);
  const sizes = SIZES.map((size) => `${size} services`);
  return { title: "Growth", head: ["scenario", ...sizes, ...steps, "change", "target", "verdict"], rows };
}

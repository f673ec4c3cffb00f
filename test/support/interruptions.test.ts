import { planInterruptions } from "../e2e/systems/interruptions";
import { ROUNDS } from "../e2e/systems/rotation-plans";
import { PHASE_NAMES } from "../e2e/support/load/interruption";
import { draw } from "./draw";
import { SYSTEMS } from "./systems";

const SEEDS = Array.from({ length: 168 }, (_, seed) => seed);
const NAMES = SYSTEMS.map(({ project }) => project);

/** What a run cuts off: it has one system in dev. */
const told = (seed: number) =>
  draw("systems in all environments", NAMES, { seed, full: false }).flatMap((project) =>
    planInterruptions(project, { seed, full: false }).map(
      ({ phase, round }) => `${project}, ${phase}, ${JSON.stringify(round)}`,
    ),
  );

test("a run interrupts once or twice", () => {
  for (const seed of SEEDS) {
    expect(told(seed).length).toBeGreaterThanOrEqual(1);
    expect(told(seed).length).toBeLessThanOrEqual(2);
  }
});

test("the same seed interrupts the same, the next one something else", () => {
  for (const seed of SEEDS) {
    expect(told(seed)).toEqual(told(seed));
    expect(told(seed)).not.toEqual(told(seed + 1));
  }
});

test("all seeds together interrupt every rotation of every system in every phase", () => {
  const all = new Set(SEEDS.flatMap((seed) => told(seed)));
  expect(all.size).toBe(NAMES.length * PHASE_NAMES.length * ROUNDS.length);
});

test.each(NAMES)("a whole run interrupts %s in every phase, in every rotation", (project) => {
  for (const seed of SEEDS) {
    const all = planInterruptions(project, { seed, full: true });
    expect(all.map(({ phase }) => phase).sort()).toEqual([...PHASE_NAMES].sort());
    expect(new Set(all.map(({ round }) => round)).size).toBe(ROUNDS.length);
  }
});

import { planInterruptions } from "../e2e/rotation/interruptions";
import { ROUNDS } from "../e2e/rotation/plans";
import { PHASE_NAMES } from "../e2e/support/load/interruption";
import { SYSTEMS } from "./systems";

const SEEDS = Array.from({ length: 144 }, (_, seed) => seed);
const told = (seed: number) =>
  planInterruptions({ seed, full: false }).map(
    ({ project, phase, round }) => `${project}, ${phase}, ${JSON.stringify(round)}`,
  );

test("a run interrupts each system once", () => {
  for (const seed of SEEDS) {
    const projects = planInterruptions({ seed, full: false }).map(({ project }) => project);
    expect(projects.sort()).toEqual(SYSTEMS.map(({ project }) => project).sort());
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
  expect(all.size).toBe(SYSTEMS.length * PHASE_NAMES.length * ROUNDS.length);
});

test("a whole run interrupts in every phase, each system in every rotation", () => {
  for (const seed of SEEDS) {
    const all = planInterruptions({ seed, full: true });
    expect(all.map(({ phase }) => phase).sort()).toEqual([...PHASE_NAMES].sort());
    for (const { project } of SYSTEMS) {
      const rounds = all.filter((each) => each.project === project).map(({ round }) => round);
      expect(new Set(rounds).size).toBe(ROUNDS.length);
    }
  }
});

import { draw, LIVES, Matrix, PARTS, runsForAll } from "./draw";
import { SYSTEMS } from "./systems";

const MATRICES = Object.keys(PARTS) as Matrix[];
const CASES = Array.from({ length: 12 }, (_, number) => number);
const SEEDS = Array.from({ length: 200 }, (_, seed) => seed);
const TEN = SEEDS.slice(0, 10);

describe.each(MATRICES)("drawing from the matrix %s", (matrix) => {
  const part = (seed: number, cases: readonly number[] = CASES) => draw(matrix, cases, { seed, full: false });
  const sorted = (cases: readonly number[]) => [...cases].sort((a, b) => a - b);
  const parts = PARTS[matrix];
  const runsOfPart = runsForAll(matrix) / parts;

  test("gives the same cases for the same seed", () => {
    for (const seed of SEEDS) expect(part(seed)).toEqual(part(seed));
  });

  test("gives other cases for the next seed, or once the matrix around it has begun anew", () => {
    for (const seed of SEEDS) expect(part(seed)).not.toEqual(part(seed + runsOfPart));
  });

  test.each([2, 3, 5, 12])("any ten seeds in a row give every one of %d cases", (count) => {
    expect(runsForAll(matrix)).toBeLessThanOrEqual(TEN.length);
    const cases = CASES.slice(0, count);
    for (const first of SEEDS) {
      const given = TEN.flatMap((next) => part(first + next, cases));
      expect([...new Set(sorted(given))]).toEqual(cases);
    }
  });

  test("gives as many in each run, in their own order", () => {
    for (const seed of SEEDS) {
      expect(part(seed)).toEqual(sorted(part(seed)));
      expect(Math.abs(part(seed).length - CASES.length / parts)).toBeLessThan(1);
    }
  });

  test("gives all of them where all are wanted", () => {
    for (const seed of SEEDS) expect(draw(matrix, CASES, { seed, full: true })).toEqual(CASES);
  });
});

test("any ten seeds in a row give every case within every case of the matrix around it", () => {
  const [around, within] = ["systems in all environments", "rotations on dev"] as const;
  for (const first of SEEDS) {
    const pairs = TEN.flatMap((next) => {
      const run = { seed: first + next, full: false };
      return draw(around, ["a", "b"], run).flatMap((outer) =>
        draw(within, CASES.slice(0, 4), run).map((inner) => `${outer}${inner}`),
      );
    });
    expect(new Set(pairs).size).toBe(8);
  }
});

test("a run has one system in dev, and plays the life of the other one", () => {
  const names = SYSTEMS.map(({ project }) => project);
  for (const seed of SEEDS) {
    const run = { seed, full: false };
    const both = [...draw("systems in all environments", names, run), ...draw("lives of the systems", LIVES, run)];
    expect(both.sort()).toEqual([...names].sort());
  }
});

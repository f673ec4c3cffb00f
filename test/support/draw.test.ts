import { draw, Matrix, RUNS_FOR_ALL } from "./draw";

const MATRICES = Object.keys(RUNS_FOR_ALL) as Matrix[];
const CASES = Array.from({ length: 12 }, (_, number) => number);
const SEEDS = Array.from({ length: 200 }, (_, seed) => seed);
const TEN = SEEDS.slice(0, 10);

describe.each(MATRICES)("drawing from the matrix %s", (matrix) => {
  const part = (seed: number, cases: readonly number[] = CASES) => draw(matrix, cases, { seed, full: false });
  const sorted = (cases: readonly number[]) => [...cases].sort((a, b) => a - b);
  const runs = RUNS_FOR_ALL[matrix];

  test("gives the same cases for the same seed", () => {
    for (const seed of SEEDS) expect(part(seed)).toEqual(part(seed));
  });

  test("gives other cases for the next seed", () => {
    for (const seed of SEEDS) expect(part(seed)).not.toEqual(part(seed + 1));
  });

  test.each([2, 3, 5, 12])("any ten seeds in a row give every one of %d cases", (count) => {
    expect(runs).toBeLessThanOrEqual(TEN.length);
    const cases = CASES.slice(0, count);
    for (const first of SEEDS) {
      const given = TEN.flatMap((next) => part(first + next, cases));
      expect([...new Set(sorted(given))]).toEqual(cases);
    }
  });

  test("gives as many in each run, in their own order", () => {
    for (const seed of SEEDS) {
      expect(part(seed)).toEqual(sorted(part(seed)));
      expect(part(seed).length).toBe(CASES.length / runs);
    }
  });

  test("gives all of them where all are wanted", () => {
    for (const seed of SEEDS) expect(draw(matrix, CASES, { seed, full: true })).toEqual(CASES);
  });
});

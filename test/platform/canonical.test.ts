import { decimalCpus, goDuration, tmpfsOptions } from "../../components/platform/canonical";
import { limitsFragment } from "../../components";

test.each([
  [0, "0s"],
  [5, "5s"],
  [59, "59s"],
  [60, "1m0s"],
  [90, "1m30s"],
  [600, "10m0s"],
  [3600, "1h0m0s"],
  [3661, "1h1m1s"],
])("%d seconds are written %s, as Go reads them back", (seconds, text) => {
  expect(goDuration(seconds)).toBe(text);
});

test.each([
  [0.1, "0.1"],
  [0.25, "0.25"],
  [0.5, "0.5"],
  [1, "1.0"],
  [1.5, "1.5"],
  [2, "2.0"],
  [16, "16.0"],
])("%d cores are written %s", (cpus, text) => {
  expect(decimalCpus(cpus)).toBe(text);
});

/** How the docker provider prints the nano-CPUs that it reads back (its nanoInt64ToDecimalString). */
function readBack(cpus: number): string {
  const text = cpus.toFixed(9);
  // Go rounds halves away from zero, JavaScript what the binary fraction happens to be.
  if (text.split("0").length - 1 === 9) return (Math.round(cpus * 10 + 1e-9) / 10).toFixed(1);
  return text.replace(/0+$/, "");
}

test("every number of cores that the settings accept is read back as it was written", () => {
  const rule = { floorMiB: 6, default: { cpus: 1, memoryMiB: 64 } };
  const schema = limitsFragment({ service: rule });
  const accepted = (cpus: number) => schema.safeParse({ service: { cpus } }).success;
  const steps = Array.from({ length: 130 * 20 }, (_, index) => (index + 1) / 20);
  expect(steps.filter((cpus) => accepted(cpus) && decimalCpus(cpus) !== readBack(cpus))).toEqual([]);
  expect(steps.filter(accepted).length).toBeGreaterThan(1000);
  expect([0.1, 0.15, 1, 2.5, 9.95, 16, 64, 128].every(accepted)).toBe(true);
  // What the provider would show as a change for ever.
  expect([0.05, 10, 10.05, 20, 101].some(accepted)).toBe(false);
  expect([readBack(0.05), readBack(10), readBack(10.05), readBack(101)]).toEqual(["0.1", "10.", "10.1", "101."]);
});

test.each([
  ["999:999", {}, "uid=999,gid=999,mode=0700,size=8m,noexec,nosuid,nodev"],
  ["999:1000", { mode: "1777" }, "uid=999,gid=1000,mode=1777,size=8m,noexec,nosuid,nodev"],
  ["1000", { executable: true }, "uid=1000,gid=1000,mode=0700,size=8m,exec,nosuid,nodev"],
])("a memory filesystem of user %s with %j names owner, mode, size and flags", (user, options, text) => {
  expect(tmpfsOptions(user, { path: "/tmp", sizeMiB: 8, ...options })).toBe(text);
});

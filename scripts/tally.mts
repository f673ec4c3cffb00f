// Usage: tally.mts DIR
// Sums the suites that `dev test` recorded in DIR, in their order: NN-NAME.exit holds the exit code, NN-NAME.jest,
// .node or .go the runner's report, NN-NAME.skip the reason why it was skipped. The last line is the sum.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { readIfThere } from "./lib/files.mts";
import { script } from "./lib/run.mts";
import { add, countSuite, type Counts, describe, type Suite } from "./lib/tally.mts";

function readSuite(dir: string, name: string): Suite {
  const read = (kind: string): string | undefined => readIfThere(join(dir, `${name}.${kind}`));
  const kind = (["jest", "node", "go"] as const).find((each) => read(each) !== undefined);
  const skipped = read("skip")?.trim();
  return {
    name: name.replace(/^\d+-/, ""),
    exitCode: Number(read("exit") ?? 1),
    ...(kind ? { report: { kind, text: read(kind) ?? "" } } : {}),
    ...(skipped !== undefined ? { skipped } : {}),
  };
}

await script(([dir = ""]) => {
  const ci = process.env["CI"] === "true";
  const names = readdirSync(dir)
    .filter((file) => file.endsWith(".exit"))
    .sort()
    .map((file) => file.slice(0, -".exit".length));
  let total: Counts = { passed: 0, failed: 0, skipped: 0 };
  console.log("");
  for (const name of names) {
    const suite = readSuite(dir, name);
    const counts = countSuite(suite, ci);
    total = add(total, counts);
    const reason = suite.skipped === undefined ? "" : `  (${suite.skipped})`;
    console.log(`    ${suite.name.padEnd(14)} ${describe(counts)}${reason}`);
  }
  console.log("");
  console.log(describe(total));
  if (total.failed > 0) process.exitCode = 1;
});

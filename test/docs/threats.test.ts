// Every threat of docs/security.md names the tests that show what stops it, and those are there.
import * as fs from "node:fs";
import * as path from "node:path";

import { ROOT } from "../support/stacks";

const NOTHING_STOPS_THEM = [
  "whoever may use the Docker daemon",
  "whoever may change the program or the engine that runs it",
];

const page = fs.readFileSync(path.join(ROOT, "docs/security.md"), "utf8");
const section = page.slice(page.indexOf("## Threats"), page.indexOf("## What a login may do"));
const rows = section
  .split("\n")
  .filter((line) => line.startsWith("| "))
  .slice(2)
  .map((line) => line.split("|").map((cell) => cell.trim()))
  .map((cells) => ({ who: cells[1] ?? "", tests: cells[5] ?? "" }));

test.each(rows)("$who: its tests are there", ({ who, tests }) => {
  const named = [...tests.matchAll(/`(test\/[^`]+)`: "([^"]+)"/g)];
  expect(named.length > 0).toBe(!NOTHING_STOPS_THEM.includes(who));
  for (const [, file = "", title = ""] of named) {
    expect(fs.readFileSync(path.join(ROOT, file), "utf8")).toContain(title);
  }
});

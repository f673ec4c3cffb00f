// What the documentation says of the two systems: side by side by key, and who may talk to whom.
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { environmentsTable } from "../../scripts/lib/docs/environments.mts";
import { networkTables } from "../../scripts/lib/docs/networks.mts";
import { stackTopology, type System, systemsOf } from "../../scripts/lib/docs/systems.mts";

const ROOT = join(import.meta.dirname, "..", "..");
const [lunchBot, taskTracker] = systemsOf(ROOT) as [System, System];

/** Cells of the rows of a table, by the first one. */
function rowsOf(text: string): Map<string, string[]> {
  const rows = text.split("\n").map((line) => line.split("|").slice(1, -1));
  return new Map(rows.map(([first = "", ...rest]) => [first.trim(), rest.map((cell) => cell.trim())]));
}

test("keys whose values differ stand side by side, with defaults; others do not", () => {
  const rows = rowsOf(environmentsTable(taskTracker));
  assert.deepEqual(rows.get("key"), ["dev", "staging", "prod"]);
  assert.deepEqual(rows.get("`edge.httpPort`"), ["`8090`", "`8091`", "`80`"]);
  assert.deepEqual(rows.get("`edge.httpsPort`"), ["–", "–", "`443`"]);
  assert.deepEqual(rows.get("`replicas.api`"), ["`1`", "`1`", "`2`"]); // the default stands in no file
  assert.equal(rows.get("`replicas.dashboard`"), undefined);
  assert.equal(rows.get("`secrets.smtpPassword`"), undefined);
  const images = rowsOf(environmentsTable(lunchBot)).get("`images.redis`");
  assert.match(images?.[2] ?? "", /^`redis:\S+@sha256:…`$/);
});

test("the matrix of Task Tracker: what takes requests reaches no server, and a segment of dev is marked", async () => {
  const tables = await networkTables(taskTracker);
  const rows = rowsOf(tables);
  assert.deepEqual(rows.get("`frontend`"), ["api, dashboard, nginx", "no"]);
  assert.deepEqual(rows.get("`published` (dev only)"), ["nats, postgres", "yes"]);
  const columns = rows.get("") ?? [];
  const cell = (from: string, to: string) => rows.get(`**${from}**`)?.[columns.indexOf(to)];
  assert.equal(cell("api", "postgres"), "backend");
  assert.equal(cell("postgres", "nats"), "backend, published (dev only)");
  for (const front of ["nginx", "dashboard"]) {
    for (const server of ["postgres", "nats"]) assert.equal(cell(front, server), "–", `${front} ${server}`);
  }
});

test("two runs of one program in one process are the same topology", async () => {
  const first = await stackTopology(lunchBot, "staging");
  assert.ok(first.services.length > 9);
  assert.deepEqual(await stackTopology(lunchBot, "staging"), first);
});

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { EnvironmentError } from "../src/env/problems.ts";
import { throwUnlessDone } from "../src/reencrypt/run.ts";
import type { TokenStore } from "../src/reencrypt/token-store.ts";
import { walk } from "../src/reencrypt/walk.ts";
import { Stopped } from "../src/retry.ts";
import { first, ringOf, rowBy, second, silently, Table, third } from "./fixtures/message-table.ts";

const walkOver = (store: TokenStore, stop = new AbortController().signal) =>
  walk({ store, ring: second, stop, batchSize: 4 });

const clean = { stale: 0, newer: 0, unreadable: 0, unreadableIds: [], complete: true };
const nothing = { ...clean, passes: 1, read: 0, rewritten: 0, noted: 0 };

describe("re-encrypting", () => {
  for (const rows of [1, 4, 10]) {
    it(`rewrites each of ${rows} rows once, looks again, and has nothing to read the next time`, async () => {
      const table = Table.of(rows);
      assert.deepEqual(await walkOver(table), { ...nothing, passes: 2, read: rows, rewritten: rows });
      table.assertCurrent();
      const before = new Map(table.rows);
      table.counts.length = 0;
      assert.deepEqual(await walkOver(table), nothing);
      assert.deepEqual(table.rows, before);
      assert.deepEqual(table.counts, [4]);
    });
  }

  it("reads no row of the current kid", async () => {
    const table = Table.of(9, (id) => rowBy(id < "008" ? second : first, id));
    const kept = table.rows.get("001");
    assert.deepEqual(await walkOver(table), { ...nothing, passes: 2, read: 2, rewritten: 2 });
    table.assertCurrent();
    assert.equal(table.rows.get("001"), kept);
  });

  it("finds out the key where none is noted: an older one is replaced, the current one only noted", async () => {
    const table = Table.of(9, (id) => silently(Number(id) % 3 === 0 ? first : second, id));
    const kept = table.rows.get("001")!.token;
    assert.deepEqual(await walkOver(table), { ...nothing, passes: 2, read: 9, rewritten: 3, noted: 6 });
    table.assertCurrent();
    assert.equal(table.rows.get("001")!.token, kept);
    assert.equal(table.writes, 9);
  });

  it("looks only once where there was nothing to rewrite but kids to note", async () => {
    const table = Table.of(3, (id) => silently(second, id));
    assert.deepEqual(await walkOver(table), { ...nothing, read: 3, noted: 3 });
    table.assertCurrent();
  });

  it("leaves tokens of a newer key as they are, with or without a kid", async () => {
    const table = Table.of(9, (id) => [rowBy(first, id), rowBy(third, id), silently(third, id)][Number(id) % 3]!);
    const newer = ["001", "002", "004", "005", "007", "008"];
    const kept = newer.map((id) => table.rows.get(id));
    const outcome = await walkOver(table);
    assert.deepEqual(outcome, { ...nothing, newer: 6, passes: 2, read: 9 + 6, rewritten: 3 });
    throwUnlessDone(outcome);
    assert.deepEqual(
      newer.map((id) => table.rows.get(id)),
      kept,
    );
    table.assertCurrent(["003", "006", "009"]);
  });
});

describe("a run that is interrupted", () => {
  it("ends after the batch in hand when it is stopped, and goes on with the next run", async () => {
    const table = Table.of(10);
    const stop = new AbortController();
    table.beforeWrite = (id) => id === "005" && stop.abort();
    const outcome = await walkOver(table, stop.signal);
    assert.deepEqual(outcome, { ...nothing, read: 8, rewritten: 8, stale: 8, complete: false });
    assert.throws(() => throwUnlessDone(outcome), Stopped);
    assert.deepEqual(await walkOver(table), { ...nothing, passes: 2, read: 2, rewritten: 2 });
    table.assertCurrent();
  });

  it("has not begun when it is stopped before", async () => {
    const table = Table.of(3);
    assert.deepEqual(await walkOver(table, AbortSignal.abort()), { ...nothing, complete: false });
    assert.equal(table.writes, 0);
  });

  it("is done when it is stopped in its last batch, unless it has to look again", async () => {
    for (const [ring, complete] of [
      [second, true],
      [first, false],
    ] as const) {
      const table = Table.of(3, (id) => silently(ring, id));
      const stop = new AbortController();
      table.beforeWrite = () => stop.abort();
      const outcome = await walkOver(table, stop.signal);
      assert.equal(outcome.complete, complete);
      if (!complete) assert.throws(() => throwUnlessDone(outcome), Stopped);
      table.assertCurrent();
    }
  });

  it("goes on after an error of the database in the middle", async () => {
    const table = Table.of(10);
    table.beforeWrite = (id) => {
      if (id === "005") throw new Error("connection lost");
    };
    await assert.rejects(walkOver(table), /connection lost/);
    table.beforeWrite = () => undefined;
    assert.deepEqual(await walkOver(table), { ...nothing, passes: 2, read: 6, rewritten: 6 });
    table.assertCurrent();
  });
});

describe("a token that no key reads", () => {
  const foreign = ringOf("kx", [{ kid: "kx", key: Buffer.alloc(32, 9).toString("base64") }]);
  const secret = foreign.encrypt("of another ring");

  it("is counted once and left alone, and all others are rewritten", async () => {
    const table = Table.of(10);
    const bad = [
      { token: secret, kid: "kx" },
      { token: "no token", kid: undefined },
    ];
    table.rows.set("001", bad[0]!).set("006", bad[1]!);
    const outcome = await walkOver(table);
    const want = { ...nothing, passes: 2, read: 10 + 2, rewritten: 8, unreadable: 2, unreadableIds: ["001", "006"] };
    assert.deepEqual(outcome, want);
    assert.deepEqual([table.rows.get("001"), table.rows.get("006")], bad);
    table.assertCurrent([...table.rows.keys()].filter((id) => id !== "001" && id !== "006"));
  });

  it("fails the run with one line that names some of the rows and shows no token", async () => {
    const table = Table.of(9, () => ({ token: secret, kid: undefined }));
    const outcome = await walkOver(table);
    assert.throws(
      () => throwUnlessDone(outcome),
      (error: unknown) => {
        assert.ok(error instanceof EnvironmentError);
        assert.equal(error.problems.length, 1);
        assert.match(error.problems[0]!, /^ENCRYPTION_KEYS: want .* none for 9 \(id 001, 002, 003, 004, 005, …\); put/);
        assert.ok(!error.problems[0]!.includes(secret.slice(0, 20)));
        return true;
      },
    );
  });
});

describe("rows that change between reading and rewriting", () => {
  it("are looked at again: what is stale is rewritten, what is current or gone is left", async () => {
    const table = Table.of(4);
    const byOther = rowBy(second, "002");
    table.beforeWrite = () => {
      table.beforeWrite = () => undefined;
      table.rows.set("001", rowBy(first, "001")).set("002", byOther);
      table.rows.delete("003");
    };
    assert.deepEqual(await walkOver(table), { ...nothing, passes: 3, read: 4 + 1, rewritten: 2 });
    table.assertCurrent();
    assert.equal(table.rows.get("002"), byOther);
    assert.deepEqual([...table.rows.keys()].sort(), ["001", "002", "004"]);
  });

  it("get no kid of a key that did not make their token", async () => {
    const table = Table.of(2, (id) => silently(second, id));
    const byNewer = rowBy(third, "002");
    table.beforeWrite = () => void table.rows.set("002", byNewer);
    assert.deepEqual(await walkOver(table), { ...nothing, read: 2, noted: 1 });
    assert.equal(table.rows.get("002"), byNewer);
  });

  it("fail the run when they change each time, and hold up no other row", async () => {
    const table = Table.of(6);
    table.beforeWrite = (id) => id <= "002" && table.rows.set("002", rowBy(first, "002"));
    const outcome = await walkOver(table);
    assert.deepEqual(outcome, { ...nothing, passes: 5, read: 6 + 4, rewritten: 5, stale: 1 });
    assert.throws(() => throwUnlessDone(outcome), /^Error: messages: pass 5 still met 1 of an older key; .*again$/);
    table.assertCurrent(["001", "003", "004", "005", "006"]);
    assert.equal(first.read(table.rows.get("002")!.token)?.madeBy, "current");
  });

  it("are rewritten, too, when another run works on the same rows", async () => {
    const table = Table.of(40);
    const outcomes = await Promise.all([walkOver(table), walkOver(table), walkOver(table)]);
    assert.equal(
      outcomes.reduce((sum, { rewritten }) => sum + rewritten, 0),
      40,
    );
    outcomes.forEach(throwUnlessDone);
    table.assertCurrent();
  });
});

describe("rows that old replicas still add", () => {
  for (const [where, id] of [
    ["ahead of the pass", "005x"],
    ["behind the pass", "000"],
  ] as const) {
    it(`are rewritten when they come in ${where}`, async () => {
      const table = Table.of(6);
      table.beforeWrite = (at) => at === "005" && table.rows.set(id, rowBy(first, id));
      const outcome = await walkOver(table);
      throwUnlessDone(outcome);
      assert.deepEqual([outcome.read, outcome.rewritten], [7, 7]);
      table.assertCurrent();
    });
  }

  it("fail the run when they come in behind each pass", async () => {
    const table = Table.of(1);
    let added = 0;
    table.beforeWrite = () => table.rows.set(`000${++added}`, rowBy(first, `000${added}`));
    const outcome = await walkOver(table);
    assert.deepEqual(outcome, { ...nothing, passes: 5, read: 5, rewritten: 5, stale: 1 });
    assert.throws(() => throwUnlessDone(outcome), /still met 1 of an older key/);
  });
});

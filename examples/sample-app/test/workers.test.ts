import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { parseMessage } from "../src/broker/read.ts";
import { orderEvent } from "../src/events.ts";
import { backoffMs, reasonOf } from "../src/retry.ts";
import { Heartbeat } from "../src/workers/heartbeat.ts";

const folder = mkdtempSync(join(tmpdir(), "sample-app-"));
after(() => rmSync(folder, { recursive: true }));

describe("the heartbeat", () => {
  it("appears with the first proof, stays away once the proof is stale or lost", () => {
    const file = join(folder, "heartbeat");
    writeFileSync(file, "of a former life");
    let now = 0;
    const heartbeat = new Heartbeat(file, 1_000, () => now);
    const beats = () => {
      rmSync(file, { force: true });
      heartbeat.beat();
      return existsSync(file);
    };
    assert.equal(existsSync(file), false);
    heartbeat.proof();
    assert.equal(existsSync(file), true);
    now = 1_000;
    assert.equal(beats(), true);
    now = 1_001;
    assert.equal(beats(), false);
    heartbeat.proof();
    heartbeat.lost();
    assert.equal(beats(), false);
    heartbeat.end();
  });
});

describe("events", () => {
  it("reads what the API writes and nothing else", () => {
    const id = "0b9f3c2e-6c1d-4f58-9a57-0f6f3f8f2f11";
    const event = {
      eventId: id,
      type: "order.created",
      orderId: id,
      item: { slug: "pho", name: "Phở" },
      quantity: 1,
      customer: null,
    };
    assert.deepEqual(parseMessage(orderEvent, JSON.stringify(event)), event);
    for (const bad of ["", "{", "{}", JSON.stringify({ ...event, quantity: 0 })])
      assert.equal(parseMessage(orderEvent, bad), undefined);
  });
});

describe("retrying", () => {
  it("doubles up to five seconds", () => {
    assert.deepEqual([1, 2, 3, 5, 6, 99].map(backoffMs), [250, 500, 1_000, 4_000, 5_000, 5_000]);
  });

  it("finds a code, also of a cause, and never shows a message", () => {
    const refused = Object.assign(new Error("connect to db:5432"), { code: "ECONNREFUSED" });
    assert.equal(reasonOf(new TypeError("fetch failed", { cause: refused })), "ECONNREFUSED");
    assert.equal(reasonOf(new Error("WRONGPASS invalid username-password pair")), "WRONGPASS");
    assert.equal(reasonOf(new Error("postgres://u:p@db")), "Error");
  });
});

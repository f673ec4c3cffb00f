import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { describe, it } from "node:test";
import fastify from "fastify";
import type { Pool } from "pg";
import { GiveBack } from "../src/broker/broker.ts";
import { embed, vectorText } from "../src/tracker/embedding.ts";
import { newJob } from "../src/tracker/jobs.ts";
import { LiveHub, type LiveSocket } from "../src/tracker/live-hub.ts";
import { liveQuery } from "../src/tracker/live.ts";
import { addMessages } from "../src/tracker/messages.ts";
import { readinessQuery } from "../src/tracker/serve.ts";
import { work } from "../src/workers/run-job.ts";
import { second } from "./fixtures/message-table.ts";

const cosine = (a: string, b: string) => {
  const [left, right] = [embed(a), embed(b)];
  return left.reduce((sum, value, at) => sum + value * right[at]!, 0);
};

describe("the embedding", () => {
  it("has length one and is the same each time, also for a text without words", () => {
    for (const text of ["The server is down", "!!!", ""]) {
      assert.equal(embed(text).length, 128);
      assert.ok(Math.abs(Math.hypot(...embed(text)) - 1) < 1e-9);
      assert.deepEqual(embed(text), embed(text));
    }
    assert.match(vectorText(embed("x")), /^\[(-?\d\.\d{6},){127}-?\d\.\d{6}\]$/);
  });

  it("puts texts close that share words or parts of them", () => {
    const text = "The server in Berlin is down again";
    assert.ok(Math.abs(cosine(text, text) - 1) < 1e-9);
    assert.ok(cosine(text, "servers down") > cosine(text, "lunch is served"));
    assert.ok(cosine(text, "THE SERVER, in Berlin!") > 0.7);
  });
});

describe("a message", () => {
  it("is kept encrypted, with the id of the key that made its token", async () => {
    const statements: { sql: string; values: string[] }[] = [];
    const query = async (sql: string, values: string[]) => {
      statements.push({ sql, values });
      return { rows: [{ id: "m1", createdAt: new Date(0) }] };
    };
    const app = fastify();
    addMessages(app, { pool: { query } as unknown as Pool, ring: second, announce: async () => undefined });
    const answer = await app.inject({ method: "POST", url: "/messages", payload: { text: "hello" } });
    assert.equal(answer.statusCode, 201);
    assert.equal(statements.length, 1);
    const { sql, values } = statements[0]!;
    const columns = /^INSERT INTO messages \(([\w, ]+)\) VALUES \(\$1, \$2, \$3\)/.exec(sql)?.[1]!.split(", ") ?? [];
    const valueOf = (column: string) => values[columns.indexOf(column)];
    assert.equal(valueOf("kid"), "k2");
    assert.deepEqual(second.read(valueOf("token")!), { text: "hello", madeBy: "current" });
    assert.equal(valueOf("embedding"), vectorText(embed("hello")));
  });
});

describe("readiness", () => {
  it("asks for what the newest migration made", () => {
    const folder = new URL("../migrations/task-tracker/", import.meta.url);
    const newest = readdirSync(folder)
      .filter((file) => file.endsWith(".up.sql"))
      .sort()
      .at(-1)!;
    const [, column, table] = /^SELECT (\w+) FROM (\w+) LIMIT 1$/.exec(readinessQuery)!;
    assert.match(readFileSync(new URL(newest, folder), "utf8"), new RegExp(`${table!}\\b[^;]*\\b${column!}\\b`));
  });
});

describe("a job", () => {
  it("takes 100 ms to 60 s", () => {
    for (const durationMs of [100, 60_000])
      assert.equal(newJob.parse({ kind: "k", durationMs }).durationMs, durationMs);
    for (const durationMs of [99, 60_001, 100.5, "100", undefined])
      assert.equal(newJob.safeParse({ kind: "k", durationMs }).success, false);
  });

  it("gets a key of its own where the client names none", () => {
    const keys = [1, 2].map(() => newJob.parse({ kind: "k", durationMs: 100 }).key);
    assert.notEqual(keys[0], keys[1]);
    assert.equal(newJob.parse({ kind: "k", durationMs: 100, key: "mine" }).key, "mine");
    assert.equal(newJob.safeParse({ kind: "k", durationMs: 100, key: "" }).success, false);
  });

  it("is finished after a stop where the grace suffices, and else given back at once", async () => {
    const stop = new AbortController();
    const start = performance.now();
    const short = work({ durationMs: 200 }, { stop: stop.signal, graceMs: 1_000 });
    const long = work({ durationMs: 60_000 }, { stop: stop.signal, graceMs: 1_000 });
    stop.abort();
    await assert.rejects(long, GiveBack);
    assert.ok(performance.now() - start < 150);
    await short;
    assert.ok(performance.now() - start >= 195);
  });
});

class FakeSocket implements LiveSocket {
  bufferedAmount = 0;
  readonly calls: string[] = [];
  readonly #listeners = new Map<string, () => void>();
  send = (text: string) => void this.calls.push(`send ${text}`);
  ping = () => void this.calls.push("ping");
  close = (code: number) => void this.calls.push(`close ${code}`);
  terminate = () => {
    this.calls.push("terminate");
    this.emit("close");
  };
  on = (event: string, listener: () => void) => this.#listeners.set(event, listener);
  emit = (event: string) => this.#listeners.get(event)?.();
}

describe("live events", () => {
  it("reach the sockets that asked for their topic", () => {
    const hub = new LiveHub();
    const [jobs, both] = [new FakeSocket(), new FakeSocket()];
    hub.add(jobs, ["jobs"]);
    hub.add(both, ["jobs", "messages"]);
    hub.publish("jobs", "1");
    hub.publish("messages", "2");
    assert.deepEqual([jobs.calls, both.calls], [["send 1"], ["send 1", "send 2"]]);
    jobs.emit("close");
    assert.equal(hub.size, 1);
    hub.close();
    assert.deepEqual(both.calls.at(-1), "close 1012");
  });

  it("cut who is far behind, and who no longer answers pings", () => {
    const hub = new LiveHub();
    const [slow, dead, well] = [new FakeSocket(), new FakeSocket(), new FakeSocket()];
    for (const socket of [slow, dead, well]) hub.add(socket, ["jobs"]);
    slow.bufferedAmount = 2 * 1024 * 1024;
    hub.publish("jobs", "1");
    assert.deepEqual(slow.calls, ["terminate"]);
    hub.check();
    well.emit("pong");
    hub.check();
    assert.deepEqual(dead.calls.slice(0, 3), ["send 1", "ping", "terminate"]);
    assert.deepEqual(well.calls, ["send 1", "ping", "ping"]);
    assert.equal(hub.size, 1);
    hub.close();
  });

  it("are asked for by known topics only", () => {
    assert.deepEqual(liveQuery.parse({ topics: "jobs, messages" }).topics, ["jobs", "messages"]);
    for (const topics of [undefined, "", "jobs,", "other"])
      assert.equal(liveQuery.safeParse({ topics }).success, false);
  });
});

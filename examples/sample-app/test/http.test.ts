import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { pino } from "pino";
import { drainOf, serveUntilStopped } from "../src/http/drain.ts";
import { addHealth, bounded } from "../src/http/health.ts";
import { acceptableId, createServer } from "../src/http/server.ts";

const log = pino({ level: "silent" });

describe("draining", () => {
  it("loses readiness, closes connections, serves on and finishes what is in flight", async () => {
    const stop = new AbortController();
    const drain = drainOf(stop.signal);
    const app = createServer({ log, version: "1", drain });
    addHealth(app, drain, {});
    const slow = Promise.withResolvers<string>();
    const arrived = Promise.withResolvers<void>();
    app.get("/slow", () => (arrived.resolve(), slow.promise));
    const drained = Promise.withResolvers<void>();
    const served = serveUntilStopped(app, {
      port: 0,
      drainMs: 1,
      stop: stop.signal,
      log,
      wait: () => drained.promise,
    });
    await app.ready();
    while (!app.server.listening) await new Promise(setImmediate);
    const url = `http://127.0.0.1:${(app.server.address() as { port: number }).port}`;

    assert.equal((await fetch(`${url}/ready`)).status, 200);
    const inFlight = fetch(`${url}/slow`);
    await arrived.promise;
    stop.abort();
    const ready = await fetch(`${url}/ready`);
    assert.equal(ready.status, 503);
    assert.equal(((await ready.json()) as { status: string }).status, "draining");
    assert.equal((await fetch(`${url}/health`)).headers.get("connection"), "close");
    drained.resolve();
    slow.resolve("done");
    assert.equal(await (await inFlight).text(), "done");
    await served;
    await assert.rejects(fetch(`${url}/health`));
  });
});

describe("readiness", () => {
  it("names each dependency and the code of its failure, never the message", async () => {
    const app = createServer({ log, version: "1", drain: { started: false } });
    addHealth(
      app,
      { started: false },
      {
        postgres: async () => "fine",
        kafka: async () => Promise.reject(Object.assign(new Error("user:hunter2@kafka"), { code: "ECONNREFUSED" })),
      },
    );
    const answer = await app.inject("/ready");
    const { status, dependencies } = answer.json<{
      status: string;
      dependencies: Record<string, { ok: boolean; reason?: string }>;
    }>();
    assert.deepEqual([answer.statusCode, status, dependencies["postgres"]?.ok], [503, "not ready", true]);
    assert.equal(dependencies["kafka"]?.reason, "ECONNREFUSED");
    assert.doesNotMatch(answer.body, /hunter2/);
  });

  it("gives up on a check that hangs, and does not start it again meanwhile", async () => {
    let started = 0;
    const probe = bounded(() => (started++, new Promise(() => undefined)), 5);
    assert.equal((await probe()).reason, "timeout");
    assert.equal((await probe()).reason, "timeout");
    assert.equal(started, 1);
  });
});

describe("request ids", () => {
  it("keeps short plain ones", () => {
    assert.equal(acceptableId("abc-1:2.3"), "abc-1:2.3");
    for (const bad of [undefined, "", "a b", "x".repeat(129), ["a", "b"]]) assert.equal(acceptableId(bad), undefined);
  });
});

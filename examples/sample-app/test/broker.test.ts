import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { pino } from "pino";
import { z } from "zod";
import type { Broker } from "../src/broker/broker.ts";
import { brokerOf } from "../src/broker/create.ts";
import { KafkaBroker } from "../src/broker/kafka/kafka-broker.ts";
import { NatsBroker } from "../src/broker/nats/nats-broker.ts";
import { parseMessage, reading } from "../src/broker/read.ts";
import { loadEnv } from "../src/env/load.ts";
import { EnvironmentError } from "../src/env/problems.ts";

const log = pino({ level: "silent" });
const streams = [{ name: "jobs", kind: "queue" }] as const;

const brokerFrom = (env: NodeJS.ProcessEnv): Promise<Broker> => {
  const { shape, create } = brokerOf(env);
  return create(loadEnv(shape, env), { streams }, log);
};

function problemsFor(env: NodeJS.ProcessEnv): readonly string[] {
  try {
    loadEnv(brokerOf(env).shape, env);
  } catch (error) {
    assert.ok(error instanceof EnvironmentError);
    return error.problems;
  }
  return [];
}

describe("the broker", () => {
  for (const [what, env, made] of [
    ["Kafka", { KAFKA_BROKER_URL: "127.0.0.1:1" }, KafkaBroker],
    ["NATS", { NATS_URL: "nats://127.0.0.1:1" }, NatsBroker],
  ] as const) {
    it(`is ${what} where its variables are, and fails every act until it is connected`, async () => {
      const broker = await brokerFrom(env);
      assert.ok(broker instanceof made);
      const failed = { code: "not connected yet" };
      await assert.rejects(broker.publish(streams[0], [{ id: "1", key: "k", value: "v" }]), failed);
      await assert.rejects(broker.broadcast("jobs", "x"), failed);
      await assert.rejects(broker.check(), failed);
      await broker.close();
    });
  }

  it("asks for Kafka's address where there is neither", () => {
    assert.deepEqual(problemsFor({}), ["KAFKA_BROKER_URL: want host:port, several separated by commas"]);
  });

  it("names every problem of NATS and shows no value", () => {
    const problems = problemsFor({
      NATS_URL: "http://hunter2",
      NATS_CREDENTIALS: "hunter2",
      NATS_SUBJECT_PREFIX: "hunter2",
      NATS_INBOX_PREFIX: "hunter2.>",
    });
    const names = problems.map((problem) => problem.split(":", 1)[0]).sort();
    assert.deepEqual(names, ["NATS_CREDENTIALS", "NATS_INBOX_PREFIX", "NATS_SUBJECT_PREFIX", "NATS_URL"]);
    assert.doesNotMatch(problems.join("\n"), /hunter2/);
  });

  for (const env of [{ KAFKA_BROKER_URL: "127.0.0.1:1" }, { NATS_URL: "nats://127.0.0.1:1" }]) {
    it(`stops waiting for ${Object.keys(env).join()} when it is told to`, async () => {
      const broker = await brokerFrom(env);
      const stop = new AbortController();
      let lost = 0;
      const pulse = { proof: () => assert.fail("there is nothing to attach to"), lost: () => lost++ };
      const handle = async () => assert.fail("there is no message");
      const consuming = broker.consume({ stream: streams[0], group: "g", handle, pulse, stop: stop.signal });
      const connecting = broker.connect(stop.signal);
      setTimeout(() => stop.abort(), 50);
      await Promise.all([consuming, connecting]);
      await broker.close();
    });
  }
});

describe("reading", () => {
  const shape = z.object({ n: z.number() });

  it("reads what fits and nothing else", () => {
    assert.deepEqual(parseMessage(shape, '{"n":1,"more":2}'), { n: 1 });
    for (const bad of ["", "{", "{}", '{"n":"1"}']) assert.equal(parseMessage(shape, bad), undefined);
  });

  it("skips what cannot be read, and passes failures of the handler on", async () => {
    const handled: number[] = [];
    const handle = reading(shape, log, async ({ n }) => {
      if (n < 0) throw new Error("no");
      handled.push(n);
    });
    await handle('{"n":1}');
    await handle("broken");
    await assert.rejects(handle('{"n":-1}'), /no/);
    assert.deepEqual(handled, [1]);
  });
});

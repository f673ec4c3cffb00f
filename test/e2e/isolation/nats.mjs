// Runs in a container of the application's image, beside NATS. Standard input: `{host, sessions: {name: {username,
// password, inbox}}, steps: [[session, act, ...]]}`. Standard output: what each step gave, or how it was refused.
import process from "node:process";
import { text } from "node:stream/consumers";
import { setTimeout as pause } from "node:timers/promises";
import { jetstream, jetstreamManager } from "@nats-io/jetstream";
import { connect } from "@nats-io/transport-node";

const { host, sessions, steps } = JSON.parse(await text(process.stdin));
const timeout = 1000;
const connections = {};
const heard = {};
for (const [name, { username, password, inbox }] of Object.entries(sessions)) {
  const login = { user: username, pass: password, inboxPrefix: inbox };
  connections[name] = await connect({ servers: `${host}:4222`, ...login, reconnect: false });
  heard[name] = [];
}

const acts = {
  /** Answers whatever comes on a subject with a text. */
  async answer({ connection }, subject, answer) {
    connection.subscribe(subject, { callback: (error, message) => error || message.respond(answer) });
    await connection.flush();
  },
  async request({ connection }, subject, body) {
    return (await connection.request(subject, body, { timeout })).string();
  },
  /** Subscribes; `heard` tells what came. */
  async hear({ connection, texts }, subject) {
    const refused = await new Promise((resolve) => {
      connection.subscribe(subject, { callback: (error, m) => (error ? resolve(error) : texts.push(m.string())) });
      connection
        .flush()
        .then(() => pause(100))
        .then(resolve);
    });
    if (refused) throw refused;
  },
  heard: async ({ connection, texts }) => {
    await connection.flush();
    await pause(200);
    return texts.splice(0);
  },
  /** Sends itself a message whose answer would go to a subject, and answers it with a question; what came back. */
  async hearAndPass({ connection }, subject, target) {
    const texts = [];
    const reply = `${connection.options.inboxPrefix}.passed`;
    connection.subscribe(reply, { callback: (error, message) => error || texts.push(message.string()) });
    connection.subscribe(subject, { callback: (error) => error || connection.publish(target, "", { reply }) });
    connection.publish(subject, "", { reply: target });
    await connection.flush();
    await pause(500);
    return texts;
  },
  async publish({ connection }, subject, body, reply) {
    connection.publish(subject, body, reply ? { reply } : {});
    await connection.flush();
  },
  /** Publishes to a stream, and waits until it is stored. */
  store: async ({ stream }, subject, body) => (await stream.publish(subject, body)).stream,
  makeStream: async ({ manager }, config) => (await manager.streams.add(config)).config.name,
  deleteStream: async ({ manager }, name) => manager.streams.delete(name),
  kept: async ({ manager }, name) => (await manager.streams.info(name)).state.messages,
  makeConsumer: async ({ manager }, name, config) => (await manager.consumers.add(name, config)).name,
  /** Takes and acknowledges messages of a durable consumer. */
  async take({ stream }, name, durable, count) {
    const consumer = await stream.consumers.get(name, durable);
    const texts = [];
    for await (const message of await consumer.fetch({ max_messages: count, expires: timeout })) {
      texts.push(message.string());
      await message.ackAck();
    }
    return texts;
  },
  /** Messages that the server pushes to the inbox. */
  async pushed({ stream }, name, count) {
    const texts = [];
    const messages = await (await stream.consumers.getPushConsumer(name)).consume();
    for await (const message of messages) if (texts.push(message.string()) === count) break;
    return texts;
  },
};

const results = [];
for (const [name, act, ...args] of steps) {
  const connection = connections[name];
  const options = { timeout, checkAPI: false };
  const session = { connection, texts: heard[name], stream: jetstream(connection, options) };
  try {
    session.manager = await jetstreamManager(connection, options);
    results.push((await acts[act](session, ...args)) ?? "done");
  } catch (error) {
    results.push(/permissions violation/i.test(error.message) ? "refused" : `${error.name}: ${error.message}`);
  }
}
process.stdout.write(JSON.stringify(results));
process.exit(0);

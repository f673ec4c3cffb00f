// Runs in a container of the application's image, on the segment of a server. Standard input: logins, as JSON. Standard
// output: of each whether the server let it in or refused it, or what else went wrong, as JSON.
import process from "node:process";
import { text } from "node:stream/consumers";

const servers = {
  async postgres({ server: host, port, username, password, database }) {
    const { default: pg } = await import("pg");
    const client = new pg.Client({ host, port, user: username, password, database, connectionTimeoutMillis: 5000 });
    await client.connect();
    await client.end();
  },
  async redis({ server: host, port, username, password }) {
    const { createClient } = await import("@redis/client");
    const socket = { host, port, connectTimeout: 5000, reconnectStrategy: false };
    const client = createClient({ username, password, socket }).on("error", () => undefined);
    await client.connect();
    await client.close();
  },
  async kafka({ server: host, port, username, password }) {
    const { Kafka, logLevel } = await import("kafkajs");
    const sasl = { mechanism: "scram-sha-512", username, password };
    const options = { brokers: [`${host}:${port}`], sasl, logLevel: logLevel.NOTHING, retry: { retries: 0 } };
    const admin = new Kafka(options).admin();
    await admin.connect();
    await admin.disconnect();
  },
  async nats({ server: host, port, username, password }) {
    const { connect } = await import("@nats-io/transport-node");
    const login = { user: username, pass: password };
    const connection = await connect({ servers: `${host}:${port}`, ...login, reconnect: false, timeout: 5000 });
    await connection.close();
  },
};

/** The words of each server for a wrong user or password. */
const REFUSAL =
  /password authentication failed for user|^WRONGPASS|SASL SCRAM SHA512 authentication failed|authorization violation/i;

async function logIn(login) {
  try {
    await servers[login.server](login);
    return "let in";
  } catch (error) {
    return REFUSAL.test(error.message) ? "refused" : `${error.name}: ${error.message}`;
  }
}

const logins = JSON.parse(await text(process.stdin));
process.stdout.write(JSON.stringify(await Promise.all(logins.map(logIn))));

// Runs in a container of the application's image, beside Redis. Standard input: `{host, sessions: [{username, password,
// commands}]}`. Standard output: for each session the answers, or the words with which a command was refused.
import process from "node:process";
import { text } from "node:stream/consumers";
import { createClient } from "@redis/client";

/** The driver has a connection for subscriptions alone. */
async function subscribe(client, [command, channel]) {
  const listener = await client
    .duplicate()
    .on("error", () => undefined)
    .connect();
  try {
    await (command === "SUBSCRIBE" ? listener.subscribe : listener.pSubscribe).call(listener, channel, () => undefined);
    return "subscribed";
  } finally {
    listener.destroy();
  }
}

async function answers({ host, username, password, commands }) {
  const socket = { host, port: 6379, connectTimeout: 5000, reconnectStrategy: false };
  const client = createClient({ username, password, socket }).on("error", () => undefined);
  await client.connect();
  const all = [];
  for (const command of commands) {
    const answer = command[0].endsWith("SUBSCRIBE") ? subscribe(client, command) : client.sendCommand(command);
    all.push(await answer.catch((error) => `refused: ${error.message.split(" ")[0]}`));
  }
  await client.close();
  return all;
}

const { host, sessions } = JSON.parse(await text(process.stdin));
process.stdout.write(JSON.stringify(await Promise.all(sessions.map((session) => answers({ host, ...session })))));

import { createHash } from "node:crypto";

import { encodeBase64, hashSync } from "bcryptjs";

import { Problem } from "../settings/problems";
import { nameProblems, NATS_PREFIX } from "../settings/server-names";
import { INBOXES, NatsAccess, permissionsOf } from "./nats-access";

/** What shapes the configuration of a server. */
export interface NatsLimits {
  /** Most disk that streams may take, in MiB. */
  readonly storeMiB: number;
  /** Most memory that streams kept in memory may take, in MiB. */
  readonly memoryStoreMiB: number;
  /** Streams at once. */
  readonly maxStreams: number;
  /** Consumers of one stream at once. */
  readonly maxConsumers: number;
}

export const CLIENT_PORT = 4222;
export const MONITORING_PORT = 8222;

/** Where the list of users lies, on the data volume; start and change scripts know it by these names, too. */
const LOGINS_FOLDER = "/var/tmp/logins";

/** A bcrypt hash that no known password has. */
const HASH_OF_NOBODY = `$2b$04$${".".repeat(53)}`;

/** Cost 4, because each reload checks every connected client anew; the passwords are too long to be guessed at any cost. */
const BCRYPT_HEAD = "$2b$04$";
const BCRYPT_SALT_BYTES = 16;

/** What streams, buckets and their consumers are asked by; one answer to each, after which the server forgets the question. */
const STREAM_SERVICES = [
  ...["$JS.API.INFO", "$JS.API.STREAM.>", "$JS.API.DIRECT.>"],
  ...["CREATE", "DURABLE", "INFO", "LIST", "NAMES", "DELETE", "PAUSE", "UNPIN", "LEADER"].map(
    (act) => `$JS.API.CONSUMER.${act}.>`,
  ),
  ...["$JS.ACK.>", "$JS.FC.>", "$KV.>", "$O.>"],
];

/**
 * One request for messages has many answers. The server keeps it for so long, so that a request may wait no longer; with
 * the two minutes of the default it would be deaf before clients that wait for that long ask again.
 */
const PULLS = { subject: "$JS.API.CONSUMER.MSG.NEXT.*.*", answers: ', response_type: stream, threshold: "5m"' };

/** Memory streams share the limit with everything else of the server. */
const MEMORY_STORE_SHARE = 0.5;

/** What shapes the configuration of a server beside its limits. */
export interface NatsServer {
  readonly name: string;
  /** Subjects that start with this belong to the applications. */
  readonly prefix: string;
  readonly monitoringAddress: string;
}

/** The server's configuration, with the list of users that lies in the given file of the logins folder. */
export function serverConfig(server: NatsServer, limits: NatsLimits, users: string): string {
  const { name, prefix, monitoringAddress } = server;
  const { storeMiB, memoryStoreMiB, maxStreams, maxConsumers } = limits;
  const services = [...[`${prefix}>`, ...STREAM_SERVICES].map((subject) => ({ subject, answers: "" })), PULLS];
  return `server_name: "${name}"
listen: "0.0.0.0:${CLIENT_PORT}"
http: "${monitoringAddress}:${MONITORING_PORT}"
jetstream {
  store_dir: "/var/tmp"
  max_file_store: ${storeMiB}MiB
  max_memory_store: ${memoryStoreMiB}MiB
  # What is acknowledged is on the disk; the default writes it there every two minutes.
  sync_interval: always
}
accounts {
  # Streams lie apart from the services: whatever subjects one is given, it gets none but those that are let in here. So
  # no stream, and nobody who may make one, sees the answers in an inbox.
  APP {
    jetstream {
      max_file: ${storeMiB}MiB
      max_memory: ${memoryStoreMiB}MiB
      max_streams: ${maxStreams}
      max_consumers: ${maxConsumers}
    }
    exports: [
${lines(services.map(({ subject, answers }) => `{ service: "${subject}"${answers} }`))}      # What a consumer pushes to the inbox of whom it belongs to.
      { stream: "${INBOXES}.>" }
    ]
  }
  SERVICES {
    imports: [
${lines(services.map(({ subject }) => `{ service: { account: APP, subject: "${subject}" } }`))}      { stream: { account: APP, subject: "${INBOXES}.>" } }
    ]
    include "../..${LOGINS_FOLDER}/${users}"
  }
  # Without any user the server would let everybody in. This one's password is known to nobody.
  LOCKED { users: [{ user: "nobody", password: "${HASH_OF_NOBODY}" }] }
}
`;
}

function lines(entries: readonly string[]): string {
  return entries.map((entry) => `      ${entry}\n`).join("");
}

/** One line of the list of users: the login and all that its service may do. */
export function userLine(user: NatsUser, username: string, password: string): string {
  const permissions = permissionsOf(user.service, user.prefix, user.access);
  return JSON.stringify({ user: username, password: bcrypt(username, password), permissions });
}

/** For whom a login is. */
export interface NatsUser {
  readonly service: string;
  readonly prefix: string;
  /** @default everything under the prefix */
  readonly access?: NatsAccess | undefined;
}

/** All that is wrong with the arguments of a server that has so much memory. */
export function natsProblems(prefix: string, memoryStoreMiB: number, memoryMiB: number): Problem[] {
  const problems = nameProblems([["prefix", prefix, NATS_PREFIX]]);
  const most = Math.floor(memoryMiB * MEMORY_STORE_SHARE);
  if (memoryStoreMiB > most) {
    const want = `at most ${most}, half of limit.memoryMiB`;
    problems.push({ path: "memoryStoreMiB", want, got: String(memoryStoreMiB) });
  }
  return problems;
}

/** A hash that stays the same for one login, so that nothing changes where nothing did; its name is never used again. */
function bcrypt(username: string, password: string): string {
  const salt = createHash("sha256").update(username).digest().subarray(0, BCRYPT_SALT_BYTES);
  return hashSync(password, BCRYPT_HEAD + encodeBase64(salt, BCRYPT_SALT_BYTES));
}

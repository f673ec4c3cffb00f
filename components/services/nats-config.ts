import { createHash } from "node:crypto";

import { encodeBase64, hashSync } from "bcryptjs";

import { Problem } from "../settings/problems";
import { nameProblems, NATS_PREFIX } from "../settings/server-names";

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

/** Memory streams share the limit with everything else of the server. */
const MEMORY_STORE_SHARE = 0.5;

/** The server's configuration, with the list of users that lies in the given file of the logins folder. */
export function serverConfig(name: string, monitoringAddress: string, limits: NatsLimits, users: string): string {
  const { storeMiB, memoryStoreMiB, maxStreams, maxConsumers } = limits;
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
  APP {
    jetstream {
      max_file: ${storeMiB}MiB
      max_memory: ${memoryStoreMiB}MiB
      max_streams: ${maxStreams}
      max_consumers: ${maxConsumers}
    }
    include "../..${LOGINS_FOLDER}/${users}"
  }
  # Without any user the server would let everybody in. This one's password is known to nobody.
  LOCKED { users: [{ user: "nobody", password: "${HASH_OF_NOBODY}" }] }
}
`;
}

/** One line of the list of users: the login and all that its service may do. */
export function userLine(service: string, prefix: string, username: string, password: string): string {
  const inbox = `${inboxPrefix(service)}.>`;
  const permissions = {
    // Of what starts with a dollar sign: calls of JetStream, acknowledgements, and answers to its flow control.
    publish: { allow: [`${prefix}>`, inbox, "$JS.API.>", "$JS.ACK.>", "$JS.FC.>"] },
    subscribe: { allow: [`${prefix}>`, inbox] },
  };
  return JSON.stringify({ user: username, password: bcrypt(username, password), permissions });
}

/** The only inbox of a service: nobody else can read the answers it gets. */
export function inboxPrefix(service: string): string {
  return `_INBOX_${service}`;
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

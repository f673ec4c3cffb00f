// Requests of Kafka's own protocol, for administration without a JVM: a tool of the distribution needs a second of two
// cores and 100 MiB of the broker's memory for each step. https://kafka.apache.org/41/design/protocol
import { createHash, createHmac, pbkdf2Sync } from "node:crypto";

/** A SCRAM login as its server keeps it, and what a client proves it with. */
export interface ScramCredential {
  readonly username: string;
  readonly salt: Buffer;
  readonly saltedPassword: Buffer;
}

/** The least that Kafka takes. The passwords are random: guessing them is hopeless with one iteration. */
export const SCRAM_ITERATIONS = 4096;
const SCRAM_SHA_512 = 2;
const SHA_512_BLOCK_BYTES = 128;
const CORRELATION_ID = 7;

const API = { alterScram: 51, createAcls: 30 } as const;
const RESOURCE = { topic: 2, group: 3, transactionalId: 5 } as const;
const PREFIXED = 4;
const OPERATION = { read: 3, write: 4, create: 5, describe: 8 } as const;
const ALLOW = 3;

/** What a producer and consumer may do under its prefix. */
const RIGHTS = [
  { resource: RESOURCE.topic, operation: OPERATION.read },
  { resource: RESOURCE.topic, operation: OPERATION.write },
  { resource: RESOURCE.topic, operation: OPERATION.create },
  { resource: RESOURCE.topic, operation: OPERATION.describe },
  { resource: RESOURCE.group, operation: OPERATION.read },
  { resource: RESOURCE.transactionalId, operation: OPERATION.write },
] as const;

/** The salt follows from the name, which is never used twice, so that the same login always yields the same bytes. */
export function scramCredential(username: string, password: string): ScramCredential {
  const salt = createHash("sha256").update(username).digest();
  return { username, salt, saltedPassword: pbkdf2Sync(password, salt, SCRAM_ITERATIONS, 64, "sha512") };
}

/** Creates the login or overwrites its password. */
export function upsertScram({ username, salt, saltedPassword }: ScramCredential): Buffer {
  return frame([
    header(API.alterScram, 0),
    TAGS, // of the header: this request is one of the flexible kind
    compactLength(0), // deletions
    compactLength(1), // upsertions
    compactBytes(Buffer.from(username)),
    int8(SCRAM_SHA_512),
    int32(SCRAM_ITERATIONS),
    compactBytes(salt),
    compactBytes(saltedPassword),
    TAGS,
    TAGS,
  ]);
}

/** Lets the principal use topics, groups and transactional ids that start with the prefix. */
export function createAcls(principal: string, prefix: string): Buffer {
  const creations = RIGHTS.map(({ resource, operation }) =>
    Buffer.concat([
      int8(resource),
      text(prefix),
      int8(PREFIXED),
      ...[text(`User:${principal}`), text("*"), int8(operation), int8(ALLOW)],
    ]),
  );
  return frame([header(API.createAcls, 1), int32(creations.length), ...creations]);
}

/** The keys of a SCRAM client, as hex digits: HMAC's inner and outer block of the stored key, and the client key. */
export function scramProofKeys({ saltedPassword }: ScramCredential): { inner: string; outer: string; client: string } {
  const client = createHmac("sha512", saltedPassword).update("Client Key").digest();
  const block = Buffer.alloc(SHA_512_BLOCK_BYTES);
  createHash("sha512").update(client).digest().copy(block);
  const padded = (pad: number) => Buffer.from(block.map((byte) => byte ^ pad)).toString("hex");
  return { inner: padded(0x36), outer: padded(0x5c), client: client.toString("hex") };
}

function header(api: number, version: number): Buffer {
  return Buffer.concat([int16(api), int16(version), int32(CORRELATION_ID), text("dockwright")]);
}

/** A request with its length in front. */
function frame(parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  return Buffer.concat([int32(body.length), body]);
}

const TAGS = Buffer.from([0]);

function int8(value: number): Buffer {
  return Buffer.from([value & 0xff]);
}

function int16(value: number): Buffer {
  const buffer = Buffer.alloc(2);
  buffer.writeInt16BE(value);
  return buffer;
}

function int32(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeInt32BE(value);
  return buffer;
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([int16(bytes.length), bytes]);
}

/** Lengths of the flexible kind are one more than they say: zero stands for null. */
function compactLength(length: number): Buffer {
  return unsignedVarint(length + 1);
}

function compactBytes(bytes: Buffer): Buffer {
  return Buffer.concat([compactLength(bytes.length), bytes]);
}

function unsignedVarint(value: number): Buffer {
  const bytes = [];
  for (; value > 0x7f; value >>>= 7) bytes.push((value & 0x7f) | 0x80);
  return Buffer.from([...bytes, value]);
}

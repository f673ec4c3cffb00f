import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, beforeEach, describe, it } from "node:test";
import { pino } from "pino";
import { createEncryptionRing } from "../src/encryption-ring.ts";
import { Stopped } from "../src/retry.ts";
import { openSession } from "../src/workers/session-file.ts";

const folder = mkdtempSync(join(tmpdir(), "sample-app-"));
after(() => rmSync(folder, { recursive: true }));

const [lockFile, sessionFile] = [join(folder, "telegram.lock"), join(folder, "telegram.session")];
const ringOf = (byte: number) =>
  createEncryptionRing({
    ENCRYPTION_KEYS: { keys: [{ kid: "a", key: Buffer.alloc(32, byte).toString("base64") }], current: "a" },
  });
const log = pino({ level: "silent" });
const open = (stop = new AbortController().signal, ring = ringOf(1), lost = () => undefined as void) =>
  openSession(folder, ring, { stop, log, lost });

describe("the session file", () => {
  beforeEach(() => [lockFile, sessionFile].forEach((file) => rmSync(file, { force: true })));

  it("outlives its writer, encrypted and for the owner's eyes only", async () => {
    const first = await open();
    await first.lock.release();
    const second = await open();
    assert.deepEqual([first.session.starts, second.session.starts], [1, 2]);
    assert.equal(second.session.createdAt, first.session.createdAt);
    assert.doesNotMatch(readFileSync(sessionFile, "utf8"), /createdAt/);
    assert.equal(statSync(sessionFile).mode & 0o777, 0o600);
    await second.lock.release();
    assert.equal(existsSync(lockFile), false);
  });

  it("has one writer: the second waits for the end of the first, or for its own", async () => {
    const first = await open();
    const stop = new AbortController();
    const refused = open(stop.signal);
    setTimeout(() => stop.abort(), 600);
    await assert.rejects(refused, Stopped);
    assert.equal(existsSync(lockFile), true);
    const second = open();
    await first.lock.release();
    assert.equal((await second).session.starts, 2);
    await (await second).lock.release();
  });

  it("is taken over from a holder that no longer renews its lock", async () => {
    writeFileSync(lockFile, "of a killed worker");
    utimesSync(lockFile, new Date(0), new Date(0));
    const { lock } = await open();
    assert.notEqual(readFileSync(lockFile, "utf8"), "of a killed worker");
    await lock.release();
  });

  it("tells its holder when another one took over, and leaves that one's lock alone", async () => {
    const lost = Promise.withResolvers<void>();
    const { lock } = await open(undefined, undefined, lost.resolve);
    writeFileSync(lockFile, "another's");
    await lost.promise;
    await lock.release();
    assert.equal(readFileSync(lockFile, "utf8"), "another's");
  });

  it("is never replaced when its key is missing", async () => {
    await (await open()).lock.release();
    const before = readFileSync(sessionFile, "utf8");
    await assert.rejects(open(undefined, ringOf(2)), /want a session that a key of ENCRYPTION_KEYS can read/);
    assert.equal(readFileSync(sessionFile, "utf8"), before);
  });
});

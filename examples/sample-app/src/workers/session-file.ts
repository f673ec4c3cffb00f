import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { EncryptionRing } from "../encryption-ring.ts";
import { type LockOptions, SessionLock } from "./session-lock.ts";

const session = z.object({ createdAt: z.iso.datetime(), starts: z.int().positive(), startedAt: z.iso.datetime() });

export type Session = z.infer<typeof session>;

/**
 * Stands for the session that a Telegram client keeps: it outlives the container, has one writer, and is encrypted,
 * since whoever has it is logged in. Notes this start and gives the lock, to be released at the end.
 */
export async function openSession(
  folder: string,
  ring: EncryptionRing,
  options: LockOptions,
): Promise<{ session: Session; lock: SessionLock }> {
  const lock = await SessionLock.take(join(folder, "telegram.lock"), options);
  try {
    return { session: await noteStart(join(folder, "telegram.session"), ring), lock };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

async function noteStart(file: string, ring: EncryptionRing): Promise<Session> {
  const before = await read(file, ring);
  const startedAt = new Date().toISOString();
  const now = { createdAt: before?.createdAt ?? startedAt, starts: (before?.starts ?? 0) + 1, startedAt };
  await write(file, ring.encrypt(JSON.stringify(now)));
  return now;
}

/** Undefined on the first start. A file that cannot be read is left for people to look at: it may be worth a login. */
async function read(file: string, ring: EncryptionRing): Promise<Session | undefined> {
  let token: string;
  try {
    token = await readFile(file, "utf8");
  } catch (error) {
    if ((error as { code?: string }).code === "ENOENT") return undefined;
    throw error;
  }
  try {
    return session.parse(JSON.parse(ring.decrypt(token)));
  } catch {
    throw new Error(
      `${file}: want a session that a key of ENCRYPTION_KEYS can read; put the key back or remove the file`,
    );
  }
}

/** By rename, so that a crash leaves the old file or the new one. */
async function write(file: string, content: string): Promise<void> {
  await writeFile(`${file}.new`, content, { mode: 0o600, flush: true });
  await rename(`${file}.new`, file);
}

import { randomUUID } from "node:crypto";
import { open, readFile, rm, stat, utimes } from "node:fs/promises";
import type { Logger } from "pino";
import { Stopped } from "../retry.ts";
import { pause } from "../stop.ts";

const renewEveryMs = 1_000;
const lookEveryMs = 250;

/** Without a renewal for this long its holder is dead. */
const staleMs = 5_000;

export interface LockOptions {
  readonly stop: AbortSignal;
  readonly log: Logger;
  /** Called when the lock turns out to be another's: this process must write no more. */
  readonly lost: () => void;
}

/**
 * A file that only one can make (O_EXCL) and whose age says that its maker lives. Process ids would say nothing: each
 * container counts its own. A second writer waits until the first one is gone.
 */
export class SessionLock {
  readonly #path: string;
  readonly #owner: string;
  readonly #timer: NodeJS.Timeout;

  private constructor(path: string, owner: string, lost: () => void) {
    this.#path = path;
    this.#owner = owner;
    this.#timer = setInterval(() => void this.#renew().catch(() => lost()), renewEveryMs);
  }

  static async take(path: string, { stop, log, lost }: LockOptions): Promise<SessionLock> {
    const owner = randomUUID();
    let mine = false;
    for (let tries = 0; !stop.aborted; tries++) {
      // Looked at once more: of two that found the same dead holder, the slower one may have removed what the faster made.
      if (mine && (await ownerOf(path)) === owner) return new SessionLock(path, owner, lost);
      mine = await makeExclusively(path, owner);
      if (!mine && (await isStale(path))) await rm(path, { force: true });
      else if (!mine && tries === 0) log.warn({ lock: path }, "another writer holds the sessions, waiting for its end");
      await pause(lookEveryMs, stop);
    }
    if (mine) await rm(path, { force: true });
    throw new Stopped("stopped while waiting for the sessions");
  }

  async release(): Promise<void> {
    clearInterval(this.#timer);
    if (await this.#isOurs()) await rm(this.#path, { force: true });
  }

  async #renew(): Promise<void> {
    if (!(await this.#isOurs())) throw new Error("the lock is another's");
    const now = new Date();
    await utimes(this.#path, now, now);
  }

  async #isOurs(): Promise<boolean> {
    return (await ownerOf(this.#path)) === this.#owner;
  }
}

async function makeExclusively(path: string, owner: string): Promise<boolean> {
  try {
    const file = await open(path, "wx", 0o600);
    await file.writeFile(owner);
    await file.close();
    return true;
  } catch (error) {
    if ((error as { code?: string }).code === "EEXIST") return false;
    throw error;
  }
}

const ownerOf = (path: string): Promise<string | undefined> => readFile(path, "utf8").catch(() => undefined);

async function isStale(path: string): Promise<boolean> {
  const info = await stat(path).catch(() => undefined);
  return info !== undefined && Date.now() - info.mtimeMs > staleMs;
}

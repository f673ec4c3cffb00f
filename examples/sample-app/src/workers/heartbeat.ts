import { rmSync, writeFileSync } from "node:fs";

const beatEveryMs = 1_000;

/**
 * A file whose age says whether a worker works. It is made with the first proof of work and
 * touched each second as long as the last proof is fresh; a worker that hangs stops touching it.
 */
export class Heartbeat {
  readonly #file: string;
  readonly #freshMs: number;
  readonly #now: () => number;
  #provenAt = -Infinity;
  #timer: NodeJS.Timeout | undefined;

  constructor(file: string, freshMs: number, now: () => number = () => performance.now()) {
    this.#file = file;
    this.#freshMs = freshMs;
    this.#now = now;
    // A restarted container may still have the file of its last life.
    rmSync(file, { force: true });
  }

  /** The worker has just done what shows that it works. */
  proof(): void {
    this.#provenAt = this.#now();
    if (this.#timer) return;
    this.beat();
    this.#timer = setInterval(() => this.beat(), beatEveryMs);
  }

  /** What was proven holds no longer, for example because the consumer left its group. */
  lost(): void {
    this.#provenAt = -Infinity;
  }

  beat(): void {
    if (this.#now() - this.#provenAt <= this.#freshMs) writeFileSync(this.#file, "");
  }

  end(): void {
    clearInterval(this.#timer);
  }
}

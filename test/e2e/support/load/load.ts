import { randomInt } from "node:crypto";

import { Call, Connections, Sent } from "./connections";

export interface LoadOptions {
  readonly origin: string;
  /** Certificate that is trusted beside the usual ones. @default none */
  readonly ca?: string | undefined;
  readonly requestsPerSecond: number;
  /** It ends by itself after that. */
  readonly mostSeconds: number;
  /** The n-th request, from 0. */
  readonly next: (n: number) => Call;
  /** What clients ask that send a request now and then over one connection each. @default there are none */
  readonly quiet?: (() => Call) | undefined;
}

const SOCKETS = 64;
/** With so many unanswered the system is down, or this machine too slow: what is due then is left out, and counted. */
const MOST_UNDER_WAY = 4 * SOCKETS;
const TICK_MS = 5;

const QUIET_CLIENTS = 6;
/**
 * Shorter and longer than the 5 s for which nginx keeps an idle connection, and not just as long: a request that meets the
 * end of its connection is the client's to repeat, as browsers do.
 */
const QUIET_PAUSES_MS = [
  [1_000, 3_000],
  [7_000, 13_000],
] as const;

/**
 * Requests at a steady pace, whatever becomes of those before them, over a bounded number of kept-alive connections. None
 * is repeated, every one is recorded.
 */
export class Load {
  /** What became of every request so far. */
  readonly sent: Sent[] = [];
  /** How many were not sent, because too many were unanswered. */
  leftOut = 0;
  private readonly beganMs = performance.now();
  private readonly timer: NodeJS.Timeout;
  private readonly connections: Connections;
  private readonly quiet: QuietClient[];
  private readonly underWay = new Set<Promise<void>>();
  private count = 0;

  private constructor(private readonly options: LoadOptions) {
    const { origin, ca, quiet } = options;
    this.connections = new Connections(origin, { sockets: SOCKETS, ca });
    this.timer = setInterval(() => {
      this.sendWhatIsDue();
    }, TICK_MS);
    const record = (sent: Sent) => this.sent.push(sent);
    this.quiet = quiet
      ? Array.from({ length: QUIET_CLIENTS }, () => new QuietClient(origin, ca, quiet, this.beganMs, record))
      : [];
  }

  static begin(options: LoadOptions): Load {
    return new Load(options);
  }

  get failures(): Sent[] {
    return this.sent.filter(({ failure }) => failure !== undefined);
  }

  /** Sends nothing more and waits for the answers that are still to come. */
  async end(): Promise<void> {
    clearInterval(this.timer);
    await Promise.all([...this.underWay, ...this.quiet.map((client) => client.end())]);
    this.connections.close();
    if (this.count >= this.most)
      throw new Error(`the load was over after ${this.options.mostSeconds} s: give it longer`);
  }

  private get most(): number {
    return this.options.requestsPerSecond * this.options.mostSeconds;
  }

  private sendWhatIsDue(): void {
    const everyMs = 1000 / this.options.requestsPerSecond;
    const due = Math.min((performance.now() - this.beganMs) / everyMs, this.most);
    for (; this.count < due; this.count++) this.send(this.beganMs + this.count * everyMs);
  }

  private send(dueMs: number): void {
    if (this.underWay.size >= MOST_UNDER_WAY) {
      this.leftOut++;
      return;
    }
    const call = this.options.next(this.count);
    const done = this.connections.send(call, dueMs, this.beganMs).then((sent) => {
      this.sent.push(sent);
      this.underWay.delete(done);
    });
    this.underWay.add(done);
  }
}

/** A client as a browser is one: its connection is idle for most of the time. */
class QuietClient {
  private readonly connections: Connections;
  private timer: NodeJS.Timeout | undefined;
  private underWay: Promise<void> = Promise.resolve();

  constructor(
    origin: string,
    ca: string | undefined,
    private readonly next: () => Call,
    private readonly beganMs: number,
    private readonly record: (sent: Sent) => void,
  ) {
    this.connections = new Connections(origin, { sockets: 1, ca });
    this.send(0);
  }

  async end(): Promise<void> {
    await this.underWay;
    clearTimeout(this.timer);
    this.connections.close();
  }

  private send(idleMs: number): void {
    this.underWay = this.connections.send(this.next(), performance.now(), this.beganMs).then((sent) => {
      this.record({ ...sent, idleSeconds: idleMs / 1000 });
      const [shortest, longest] = QUIET_PAUSES_MS[randomInt(QUIET_PAUSES_MS.length)] ?? QUIET_PAUSES_MS[0];
      const pauseMs = randomInt(shortest, longest);
      this.timer = setTimeout(() => {
        this.send(pauseMs);
      }, pauseMs);
    });
  }
}

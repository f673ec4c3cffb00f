/** As much of a WebSocket as the hub uses. */
export interface LiveSocket {
  readonly bufferedAmount: number;
  send(text: string): void;
  ping(): void;
  close(code: number, reason: string): void;
  terminate(): void;
  on(event: "pong" | "close", listener: () => void): unknown;
}

interface Member {
  readonly topics: ReadonlySet<string>;
  answered: boolean;
}

/** A reader that is this far behind will not catch up; it reads the state anew when it comes back. */
const maxBufferedBytes = 1024 * 1024;

const pingEveryMs = 30_000;
const closeTimeoutMs = 2_000;

/** RFC 6455's registry: the service restarts, come again. */
const serviceRestart = 1012;

/** The open WebSockets of this process, by topic. */
export class LiveHub {
  readonly #members = new Map<LiveSocket, Member>();
  readonly #timer = setInterval(() => this.check(), pingEveryMs).unref();

  get size(): number {
    return this.#members.size;
  }

  add(socket: LiveSocket, topics: readonly string[]): void {
    const member = { topics: new Set(topics), answered: true };
    this.#members.set(socket, member);
    socket.on("pong", () => (member.answered = true));
    socket.on("close", () => this.#members.delete(socket));
  }

  publish(topic: string, text: string): void {
    for (const [socket, { topics }] of this.#members) {
      if (!topics.has(topic)) continue;
      if (socket.bufferedAmount > maxBufferedBytes) socket.terminate();
      else socket.send(text);
    }
  }

  /** Cuts who did not answer the last ping, and keeps proxies from taking the others for idle. */
  check(): void {
    for (const [socket, member] of this.#members) {
      if (!member.answered) socket.terminate();
      member.answered = false;
      socket.ping();
    }
  }

  /** Sends everyone to another process; who does not answer is cut. */
  close(): void {
    clearInterval(this.#timer);
    for (const socket of this.#members.keys()) socket.close(serviceRestart, "service restart");
    setTimeout(() => {
      for (const socket of this.#members.keys()) socket.terminate();
    }, closeTimeoutMs).unref();
  }
}

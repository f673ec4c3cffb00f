import * as net from "node:net";

/** One request of Kafka's protocol, without its length. */
export interface BrokerRequest {
  readonly api: number;
  readonly version: number;
  readonly correlationId: number;
  /** What comes after the client's name; that there is none is checked. */
  readonly body: Buffer;
}

/** What a broker answers to an API, after length and correlation id; nothing hangs up. */
export type Answers = Readonly<Record<number, Buffer>>;

/** A server on the loopback address that keeps the requests it gets and answers each by its API. */
export class FakeBroker {
  readonly requests: BrokerRequest[] = [];
  private readonly sockets = new Set<net.Socket>();
  private readonly server = net.createServer((socket) => {
    this.sockets.add(socket);
    let unread: Buffer = Buffer.alloc(0);
    socket.on("data", (data: Buffer) => (unread = this.take(socket, Buffer.concat([unread, data]))));
    socket.on("error", () => undefined); // a client that has what it wants hangs up
  });

  private constructor(private readonly answers: Answers) {}

  static async start(answers: Answers): Promise<FakeBroker> {
    const broker = new FakeBroker(answers);
    await new Promise<void>((resolve) => broker.server.listen(0, "127.0.0.1", resolve));
    return broker;
  }

  /** Host and port. */
  get address(): string {
    return `127.0.0.1:${(this.server.address() as net.AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  /** Answers every whole request, and returns what is left. */
  private take(socket: net.Socket, bytes: Buffer): Buffer {
    if (bytes.length < 4 || bytes.length < 4 + bytes.readInt32BE(0)) return bytes;
    const end = 4 + bytes.readInt32BE(0);
    this.answer(socket, bytes.subarray(4, end));
    return this.take(socket, bytes.subarray(end));
  }

  private answer(socket: net.Socket, request: Buffer): void {
    const [api, version, correlationId] = [request.readInt16BE(0), request.readInt16BE(2), request.readInt32BE(4)];
    if (request.readInt16BE(8) !== -1) throw new Error("the client gave a name");
    this.requests.push({ api, version, correlationId, body: request.subarray(10) });
    const answer = this.answers[api];
    if (!answer) return void socket.end();
    const head = Buffer.alloc(8);
    head.writeInt32BE(4 + answer.length, 0);
    head.writeInt32BE(correlationId, 4);
    socket.write(Buffer.concat([head, answer]));
  }
}

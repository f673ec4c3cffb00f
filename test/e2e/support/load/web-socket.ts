import { randomBytes } from "node:crypto";
import * as http from "node:http";
import * as https from "node:https";
import { Duplex } from "node:stream";

export interface WebSocketOptions {
  /** Certificate that is trusted beside the usual ones. @default none */
  readonly ca?: string | undefined;
  readonly onText: (text: string) => void;
  /** Called once; 1006 where it broke off without a word. */
  readonly onClose: (code: number) => void;
}

const OPCODE = { text: 0x1, close: 0x8, ping: 0x9, pong: 0xa } as const;
const BROKE_OFF = 1006;
const NORMAL = 1000;
const TIMEOUT_MS = 10_000;

/** As much of a WebSocket (RFC 6455) as listening takes: Node's own cannot be told which certificate to trust. */
export class WebSocketClient {
  private pending = Buffer.alloc(0);
  private code = BROKE_OFF;

  private constructor(
    private readonly socket: Duplex,
    private readonly options: WebSocketOptions,
  ) {
    socket.on("data", (chunk: Buffer) => {
      this.take(chunk);
    });
    socket.on("error", () => undefined); // what matters is that it closes
    socket.once("close", () => {
      options.onClose(this.code);
    });
  }

  /** Opens one, within bounds. */
  static open(url: string, options: WebSocketOptions): Promise<WebSocketClient> {
    const { request } = url.startsWith("https:") ? https : http;
    const headers = {
      connection: "Upgrade",
      upgrade: "websocket",
      "sec-websocket-version": "13",
      "sec-websocket-key": randomBytes(16).toString("base64"),
    };
    return new Promise((resolve, reject) => {
      const opening = request(url, { headers, agent: false, ...(options.ca !== undefined && { ca: options.ca }) });
      opening.setTimeout(TIMEOUT_MS, () => opening.destroy(new Error(`no answer within ${TIMEOUT_MS / 1000} s`)));
      opening.on("error", reject);
      opening.on("response", ({ statusCode }) => {
        opening.destroy();
        reject(new Error(`${url} answered ${statusCode ?? 0} instead of opening a WebSocket`));
      });
      opening.on("upgrade", (_response, socket, head) => {
        socket.setTimeout(0);
        const client = new WebSocketClient(socket, options);
        client.take(head);
        resolve(client);
      });
      opening.end();
    });
  }

  /** Says goodbye. */
  close(): void {
    this.send(OPCODE.close, closing(NORMAL));
    this.socket.end();
  }

  private take(chunk: Buffer): void {
    this.pending = Buffer.concat([this.pending, chunk]);
    for (let frame = firstFrame(this.pending); frame; frame = firstFrame(this.pending)) {
      this.pending = this.pending.subarray(frame.size);
      this.handle(frame);
    }
  }

  private handle({ opcode, payload }: Frame): void {
    if (opcode === OPCODE.text) this.options.onText(payload.toString());
    else if (opcode === OPCODE.ping) this.send(OPCODE.pong, payload);
    else if (opcode === OPCODE.close) {
      this.code = payload.length >= 2 ? payload.readUInt16BE(0) : NORMAL;
      this.send(OPCODE.close, payload.subarray(0, 2));
      this.socket.end();
    }
  }

  /** Clients mask what they send; all of it is short. */
  private send(opcode: number, payload: Buffer): void {
    const mask = randomBytes(4);
    const masked = payload.map((byte, index) => byte ^ (mask[index % 4] ?? 0));
    this.socket.write(Buffer.concat([Buffer.from([0x80 | opcode, 0x80 | payload.length]), mask, masked]));
  }
}

interface Frame {
  readonly opcode: number;
  readonly payload: Buffer;
  /** Bytes that the whole of it takes. */
  readonly size: number;
}

/** The frame that a buffer begins with, once all of it is there. Servers mask nothing, and this one splits nothing. */
function firstFrame(buffer: Buffer): Frame | undefined {
  const [first, short] = buffer;
  if (first === undefined || short === undefined) return undefined;
  const head = short < 126 ? 2 : short === 126 ? 4 : 10;
  if (buffer.length < head) return undefined;
  const length = short < 126 ? short : short === 126 ? buffer.readUInt16BE(2) : Number(buffer.readBigUInt64BE(2));
  if (buffer.length < head + length) return undefined;
  return { opcode: first & 0x0f, payload: buffer.subarray(head, head + length), size: head + length };
}

function closing(code: number): Buffer {
  const payload = Buffer.alloc(2);
  payload.writeUInt16BE(code);
  return payload;
}

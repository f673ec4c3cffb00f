import { randomBytes } from "node:crypto";
import { once } from "node:events";
import * as http from "node:http";
import * as net from "node:net";

/** An open WebSocket that says things and hears them again. */
export class EchoSocket {
  private constructor(private readonly socket: net.Socket) {}

  static async open(port: number, path: string): Promise<EchoSocket> {
    const headers = { Connection: "Upgrade", Upgrade: "websocket", "Sec-WebSocket-Version": "13" };
    const key = { "Sec-WebSocket-Key": randomBytes(16).toString("base64") };
    const request = http.request({ port, host: "127.0.0.1", path, headers: { ...headers, ...key }, agent: false });
    request.on("response", ({ statusCode }) => request.emit("error", new Error(`no WebSocket but ${statusCode}`)));
    request.end();
    const [, socket] = (await once(request, "upgrade")) as [http.IncomingMessage, net.Socket];
    socket.on("error", () => undefined);
    return new EchoSocket(socket);
  }

  /** Sends a short text, and gives what comes back. */
  async echo(text: string): Promise<string> {
    if (this.closed) throw new Error("the WebSocket is closed");
    const mask = randomBytes(4);
    const masked = Buffer.from(text).map((byte, index) => byte ^ (mask[index % 4] ?? 0));
    const answer = once(this.socket, "data", { signal: AbortSignal.timeout(10_000) });
    this.socket.write(Buffer.concat([Buffer.from([129, 128 | masked.length]), mask, masked]));
    const [frame] = (await answer) as [Buffer];
    return frame.subarray(2).toString();
  }

  get closed(): boolean {
    return this.socket.destroyed || this.socket.readableEnded;
  }

  close(): void {
    this.socket.destroy();
  }
}

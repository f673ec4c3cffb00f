import * as net from "node:net";

/** What came back on a connection, until nginx closed it. */
export interface RawAnswer {
  /** Status of each answer on it. */
  readonly statuses: readonly number[];
  readonly text: string;
}

/** Sends bytes as they are over a connection of their own: no client would. */
export function sendRaw(port: number, request: string, timeoutMs = 5000): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const socket = net.connect(port, "127.0.0.1", () => socket.write(request, "latin1"));
    let text = "";
    socket.setEncoding("latin1").on("data", (chunk: string) => (text += chunk));
    socket.setTimeout(timeoutMs, () => socket.destroy(new Error(`nothing more came after ${JSON.stringify(text)}`)));
    socket.on("error", reject);
    socket.on("close", () => {
      resolve({ statuses: [...text.matchAll(/^HTTP\/1\.[01] (\d{3})/gm)].map(([, status]) => Number(status)), text });
    });
  });
}

/** A request with its own first line and header lines; it ends the connection. */
export function rawRequest(firstLine: string, headers: readonly string[], body = ""): string {
  return [firstLine, ...headers, "Connection: close", "", body].join("\r\n");
}

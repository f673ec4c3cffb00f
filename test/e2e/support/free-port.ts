import { randomInt } from "node:crypto";
import * as net from "node:net";

/** Below the ports that systems give to outgoing connections and to servers which ask for any: one of those may go. */
const RANGE = [20_000, 30_000] as const;

/** A port of 127.0.0.1 that nobody listens on now. */
export function freePort(): Promise<number> {
  const port = randomInt(...RANGE);
  return new Promise((resolve) => {
    const server = net.createServer().on("error", () => {
      resolve(freePort());
    });
    server.listen(port, "127.0.0.1", () => {
      server.close(() => {
        resolve(port);
      });
    });
  });
}

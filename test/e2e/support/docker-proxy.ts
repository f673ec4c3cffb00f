import * as http from "node:http";
import { AddressInfo } from "node:net";
import { text as textOf } from "node:stream/consumers";

/** The daemon's socket that the proxies talk to. */
const SOCKET = /^unix:\/\/(.+)/.exec(process.env.DOCKER_HOST ?? "")?.[1] ?? "/var/run/docker.sock";

/** Something that stands in for a daemon: its DOCKER_HOST, and how it ends. */
export interface StandIn {
  readonly host: string;
  readonly close: () => Promise<void>;
}

/** The real daemon, which says of itself that it speaks an older API. Everything else goes through untouched. */
export function daemonOfApi(apiVersion: string): Promise<StandIn> {
  return listen((request, response) => {
    const { method, url: path, headers } = request;
    const forward = http.request({ socketPath: SOCKET, method, path, headers }, (answer) => {
      const told = { ...answer.headers, "api-version": apiVersion };
      if (!/\/version$/.test(path ?? "")) {
        answer.pipe(response.writeHead(answer.statusCode ?? 502, told));
        return;
      }
      void textOf(answer).then((text) => {
        const body = text.replaceAll(/"ApiVersion":"[\d.]+"/g, `"ApiVersion":"${apiVersion}"`);
        response.writeHead(answer.statusCode ?? 502, { ...told, "content-length": Buffer.byteLength(body) }).end(body);
      });
    });
    request.pipe(forward);
  });
}

/** Takes connections and never answers. */
export function hangingDaemon(): Promise<StandIn> {
  return listen(() => undefined);
}

async function listen(answer: http.RequestListener): Promise<StandIn> {
  const server = http.createServer(answer).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  return {
    host: `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

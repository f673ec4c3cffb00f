import * as http from "node:http";
import * as https from "node:https";

export interface Answer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly text: string;
}

export interface AskOptions {
  /** @default GET, or POST where something is sent */
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** What is sent, as JSON. @default nothing */
  readonly json?: unknown;
  /** Certificate that is trusted beside the usual ones. @default none */
  readonly ca?: string;
}

const TIMEOUT_MS = 5000;

/** One HTTP request over a connection of its own. `fetch` cannot be told which certificate to trust. */
export function ask(url: string, { method, headers = {}, json, ca }: AskOptions = {}): Promise<Answer> {
  const body = json === undefined ? undefined : JSON.stringify(json);
  const options = {
    method: method ?? (body === undefined ? "GET" : "POST"),
    headers: { ...headers, ...(body !== undefined && { "content-type": "application/json" }) },
    agent: false as const,
    timeout: TIMEOUT_MS,
    ...(ca !== undefined && { ca }),
  };
  return new Promise((resolve, reject) => {
    const request = (url.startsWith("https:") ? https : http).request(url, options, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () => {
        const text = Buffer.concat(chunks).toString();
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text });
      });
    });
    request.on("timeout", () => request.destroy(new Error(`no answer of ${url} within ${TIMEOUT_MS / 1000} s`)));
    request.on("error", reject);
    request.end(body);
  });
}

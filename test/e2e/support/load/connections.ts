import * as http from "node:http";
import * as https from "node:https";

/** One request of a load, and what has to be the answer. */
export interface Call {
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** What is posted, as JSON. @default nothing is, it is a GET */
  readonly json?: unknown;
  /** Status of the right answer. */
  readonly want: number;
  /** Looks at the text of an answer with the right status, and gives what is wrong with it. @default nothing can be */
  readonly look?: (text: string) => string | undefined;
}

/** What became of a request. */
export interface Sent {
  /** When it was due, in seconds since the load began. */
  readonly atSeconds: number;
  /** For how long its client had sent nothing. @default it is one of those that always send something */
  readonly idleSeconds?: number;
  readonly method: string;
  readonly path: string;
  /** Nothing where no answer came. */
  readonly status?: number;
  /** The error of the socket, or what is wrong with the answer. @default nothing went wrong */
  readonly failure?: string;
  /** From when it was due until the last byte of its answer. */
  readonly durationMs: number;
}

export interface ConnectionsOptions {
  /** Most connections at once. */
  readonly sockets: number;
  /** Certificate that is trusted beside the usual ones. @default none */
  readonly ca?: string | undefined;
}

/** Longer than nginx waits for a service, so that its own answer is what is recorded. */
const TIMEOUT_MS = 30_000;

/** Of an answer that was not wanted. */
const SHOWN_CHARACTERS = 80;

/** Kept-alive connections to one origin; each request is sent once. */
export class Connections {
  private readonly agent: http.Agent;
  private readonly request: typeof http.request;

  constructor(
    private readonly origin: string,
    { sockets, ca }: ConnectionsOptions,
  ) {
    // The one that has been idle for longest comes first: none is kept until nginx closes it.
    const options = { keepAlive: true, maxSockets: sockets, scheduling: "fifo" as const };
    const isTls = origin.startsWith("https:");
    this.agent = isTls ? new https.Agent({ ...options, ca }) : new http.Agent(options);
    this.request = isTls ? https.request : http.request;
  }

  /** Sends a request that was due at a point in time (`performance.now()`) of a load that began at another. */
  async send(call: Call, dueMs: number, beganMs: number): Promise<Sent> {
    const answer = await this.answer(call).catch((error: unknown) => ({ failure: describe(error) }));
    return {
      atSeconds: Math.round(dueMs - beganMs) / 1000,
      method: methodOf(call),
      path: call.path,
      ...answer,
      durationMs: performance.now() - dueMs,
    };
  }

  close(): void {
    this.agent.destroy();
  }

  private answer(call: Call): Promise<Pick<Sent, "status" | "failure">> {
    const body = call.json === undefined ? undefined : JSON.stringify(call.json);
    const options = {
      method: methodOf(call),
      agent: this.agent,
      headers: { ...call.headers, ...(body !== undefined && { "content-type": "application/json" }) },
    };
    return new Promise((resolve, reject) => {
      const request = this.request(this.origin + call.path, options, (response) => {
        let text = "";
        response.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
        response.on("error", reject);
        response.on("end", () => {
          resolve(judge(call, response.statusCode ?? 0, text));
        });
      });
      request.setTimeout(TIMEOUT_MS, () => request.destroy(new Error(`no answer within ${TIMEOUT_MS / 1000} s`)));
      request.on("error", reject);
      request.end(body);
    });
  }
}

function methodOf({ json }: Call): string {
  return json === undefined ? "GET" : "POST";
}

function judge({ want, look }: Call, status: number, text: string): Pick<Sent, "status" | "failure"> {
  const wrong = status === want ? look?.(text) : `want ${want}, got ${status}: ${text.slice(0, SHOWN_CHARACTERS)}`;
  return { status, ...(wrong !== undefined && { failure: wrong }) };
}

function describe(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code === undefined ? message : `${code}: ${message}`;
}

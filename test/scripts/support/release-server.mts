// A web server on 127.0.0.1 that serves a folder as a release site does, ranges included, and breaks where told.
import { createReadStream, existsSync, statSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";

/** What goes wrong with a path: it is not there, or its transfer ends half-way, so many times. */
export type Fault = "missing" | { cutTimes: number };

export class ReleaseServer {
  /** Every request, as "GET /path bytes=5-". */
  readonly requests: string[] = [];
  private readonly server: Server;
  private readonly dir: string;
  private faults: Record<string, Fault> = {};

  private constructor(dir: string) {
    this.dir = dir;
    this.server = createServer((request, response) => this.answer(request, response));
  }

  static async start(dir: string): Promise<ReleaseServer> {
    const site = new ReleaseServer(dir);
    await new Promise<void>((resolve) => site.server.listen(0, "127.0.0.1", resolve));
    return site;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Forgets what was asked, and breaks the files whose names begin so. */
  reset(faults: Record<string, Fault> = {}): void {
    this.requests.length = 0;
    this.faults = faults;
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    const path = request.url ?? "/";
    const range = request.headers.range ?? "";
    this.requests.push(`${request.method} ${path} ${range}`.trim());
    const file = join(this.dir, path);
    const name = path.split("/").at(-1) ?? "";
    const fault = Object.entries(this.faults).find(([prefix]) => name.startsWith(prefix))?.[1];
    if (fault === "missing" || !existsSync(file)) return void response.writeHead(404).end();
    const size = statSync(file).size;
    const start = Number(/^bytes=(\d+)-/.exec(range)?.[1] ?? 0);
    const headers = {
      "content-length": size - start,
      "content-range": `bytes ${start}-${size - 1}/${size}`,
    };
    response.writeHead(range ? 206 : 200, range ? headers : { "content-length": size });
    if (request.method === "HEAD") return void response.end();
    const cut = fault !== undefined && fault.cutTimes-- > 0;
    const end = cut ? start + Math.floor((size - start) / 2) : size - 1;
    const content = createReadStream(file, { start, end });
    content.on("end", () => cut && response.destroy());
    content.pipe(response, { end: !cut });
  }
}

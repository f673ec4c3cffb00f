import type { FastifyInstance } from "fastify";
import type { Logger } from "pino";
import { aborted } from "../stop.ts";

/** Time that requests still in flight get once the server accepts no more: as long as the edge waits for an answer. */
const closeTimeoutMs = 25_000;

/** Whether this process is on its way out; readiness and responses ask it. */
export interface Drain {
  readonly started: boolean;
}

export const drainOf = (stop: AbortSignal): Drain => ({
  get started() {
    return stop.aborted;
  },
});

export interface ServeOptions {
  readonly port: number;
  readonly drainMs: number;
  readonly stop: AbortSignal;
  readonly log: Logger;
  /** @default setTimeout */
  readonly wait?: (ms: number) => Promise<void>;
}

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * Listens until told to stop. Then it goes on serving for the drain time, in which the edge sees
 * that readiness is gone and moves the traffic, finishes what is in flight and returns.
 */
export async function serveUntilStopped(app: FastifyInstance, options: ServeOptions): Promise<void> {
  const { port, drainMs, stop, log } = options;
  await app.listen({ port, host: "0.0.0.0" });
  log.info({ port }, "listening");
  await aborted(stop);
  log.info({ drainMs }, "draining");
  await (options.wait ?? wait)(drainMs);
  // A request that never ends must not hold the process until it is killed.
  const cut = setTimeout(() => app.server.closeAllConnections(), closeTimeoutMs);
  await app.close();
  clearTimeout(cut);
}

import type { FastifyInstance } from "fastify";
import { reasonOf } from "../retry.ts";
import type { Drain } from "./drain.ts";

/** A query that proves a dependency works; it rejects when it does not. */
export type Check = () => Promise<unknown>;

export interface State {
  readonly ok: boolean;
  readonly ms: number;
  readonly reason?: string;
}

/** Long enough for a busy server, short enough for a probe that itself waits two seconds. */
const timeoutMs = 1_200;

/** Runs a check, bounded. A check that hangs is shared by later callers instead of piling up. */
export function bounded(check: Check, limitMs = timeoutMs): () => Promise<State> {
  let running: Promise<unknown> | undefined;
  return async () => {
    const start = performance.now();
    running ??= check().finally(() => (running = undefined));
    const elapsed = () => Math.round(performance.now() - start);
    const { promise: late, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(() => reject(Object.assign(new Error(), { code: "timeout" })), limitMs);
    try {
      await Promise.race([running, late]);
      return { ok: true, ms: elapsed() };
    } catch (error) {
      return { ok: false, ms: elapsed(), reason: reasonOf(error) };
    } finally {
      clearTimeout(timer);
    }
  };
}

/** `/health`: this process lives. `/ready`: it can do its work, and is not on its way out. */
export function addHealth(app: FastifyInstance, drain: Drain, checks: Readonly<Record<string, Check>>): void {
  const probes = Object.entries(checks).map(([name, check]) => [name, bounded(check)] as const);
  app.get("/health", async () => ({ status: "ok" }));
  app.get("/ready", async (_request, reply) => {
    const states = await Promise.all(probes.map(async ([name, probe]) => [name, await probe()] as const));
    const ready = !drain.started && states.every(([, state]) => state.ok);
    const status = drain.started ? "draining" : ready ? "ready" : "not ready";
    return reply.code(ready ? 200 : 503).send({ status, dependencies: Object.fromEntries(states) });
  });
}

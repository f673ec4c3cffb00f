import { randomUUID } from "node:crypto";
import Fastify, { type FastifyBaseLogger, type FastifyInstance, type FastifyReply } from "fastify";
import type { Logger } from "pino";
import { z } from "zod";
import { isUnavailable } from "../clients/postgres.ts";
import type { Drain } from "./drain.ts";

export interface ServerOptions {
  readonly log: Logger;
  readonly version: string;
  readonly drain: Drain;
}

/** What every HTTP entry shares: request ids, one log line a request, errors, version, draining. */
export function createServer({ log, version, drain }: ServerOptions): FastifyInstance {
  const app = Fastify({
    // Fastify's own lines from warnings up: those for requests show the URL, ours below does not.
    loggerInstance: log.child({}, { level: "warn" }) as FastifyBaseLogger,
    genReqId: (request) => acceptableId(request.headers["x-request-id"]) ?? randomUUID(),
    // What arrives late is still served; only what is idle is cut when the server closes.
    return503OnClosing: false,
    forceCloseConnections: "idle",
    // Longer than a proxy keeps its idle connections, so that never both ends close at once.
    keepAliveTimeout: 75_000,
    bodyLimit: 64 * 1024,
  });
  app.addHook("onRequest", async (request, reply) => {
    reply.header("x-request-id", request.id);
  });
  app.addHook("onSend", async (_request, reply) => {
    if (drain.started) reply.header("connection", "close");
  });
  app.addHook("onResponse", async (request, reply) => {
    // The route's pattern, never the URL: the path of a Telegram call holds the bot's token.
    const { method, routeOptions, id } = request;
    const fields = { requestId: id, method, route: routeOptions.url, status: reply.statusCode };
    log[reply.statusCode >= 500 ? "warn" : "debug"]({ ...fields, ms: Math.round(reply.elapsedTime) }, "request");
  });
  app.setErrorHandler((error, request, reply) => answerError(error, request.id, reply, log));
  app.setNotFoundHandler((_request, reply) => reply.code(404).send({ error: "not found" }));
  app.get("/version", async () => ({ version }));
  return app;
}

/** A foreign id is kept if it is short and plain: it ends up in logs and in a header. */
export function acceptableId(header: string | string[] | undefined): string | undefined {
  return typeof header === "string" && /^[\w.:-]{1,128}$/.test(header) ? header : undefined;
}

/** Every problem of a request at once. */
const problemsOf = (error: z.ZodError) => error.issues.map(({ path, message }) => ({ path: path.join("."), message }));

function answerError(error: unknown, requestId: string, reply: FastifyReply, log: Logger): FastifyReply {
  if (error instanceof z.ZodError) {
    return reply.code(400).send({ error: "invalid request", problems: problemsOf(error) });
  }
  const status = (error as { statusCode?: number }).statusCode ?? 500;
  if (status < 500) return reply.code(status).send({ error: (error as Error).message });
  if (isUnavailable(error)) {
    log.warn({ requestId, reason: (error as { code?: string }).code ?? "timeout" }, "a dependency is unavailable");
    return reply.code(503).send({ error: "temporarily unavailable" });
  }
  log.error({ requestId, err: error }, "request failed");
  return reply.code(500).send({ error: "internal error" });
}

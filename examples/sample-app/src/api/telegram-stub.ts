import { randomUUID } from "node:crypto";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import type { Redis } from "../clients/redis.ts";
import { pause } from "../stop.ts";
import { StubState } from "./telegram-stub-state.ts";

const longPoll = z.object({
  offset: z.coerce.number().int().default(0),
  timeout: z.coerce.number().int().min(0).max(50).default(0),
});
const message = z.object({ chat_id: z.coerce.number(), text: z.string().min(1).max(4096) });
const incoming = z.object({
  text: z.string().min(1),
  chat_id: z.coerce.number().default(1),
  from: z.string().default("tester"),
});

const checkEveryMs = 200;
const conflict = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running";

/**
 * As much of the Telegram Bot API as the bot uses, for machines and tests without Telegram. Its
 * state is in Redis, so that it is one Telegram over all replicas of the API.
 */
export const addTelegramStub = (cache: Redis, stop: AbortSignal) => async (app: FastifyInstance) => {
  const state = new StubState(cache);

  app.post("/inject", async (request) => {
    const { text, chat_id: id, from } = incoming.parse(request.body);
    return {
      ok: true,
      update_id: await state.add({ text, chat: { id }, from: { first_name: from } }),
    };
  });
  app.get("/sent", async () => ({ ok: true, result: await state.sent() }));

  for (const method of ["GET", "POST"] as const) {
    const route = (name: string, handler: (request: FastifyRequest, reply: FastifyReply) => unknown) =>
      app.route<{ Params: { bot: string } }>({
        method,
        url: `/:bot/${name}`,
        handler: (request, reply) => {
          if (!/^bot.+$/.test(request.params.bot)) return reply.code(404).send(failure(404, "Not Found"));
          return handler(request as FastifyRequest, reply);
        },
      });
    route("getMe", () => success({ id: 1, is_bot: true, first_name: "Lunch Bot", username: "lunch_bot" }));
    route("sendMessage", async (request) => success(await state.send(message.parse(argumentsOf(request)))));
    route("getUpdates", (request, reply) => getUpdates(state, request, reply, stop));
  }
};

/** Holds the poll's lock while it waits, as Telegram lets only one poller wait. */
async function getUpdates(state: StubState, request: FastifyRequest, reply: FastifyReply, stop: AbortSignal) {
  const { offset, timeout } = longPoll.parse(argumentsOf(request));
  const holder = randomUUID();
  if (!(await state.lock(holder))) return reply.code(409).send(failure(409, conflict));
  try {
    await state.confirm(offset);
    const end = Date.now() + timeout * 1000;
    for (;;) {
      const updates = await state.updates(offset);
      const over = updates.length > 0 || Date.now() >= end || stop.aborted || request.raw.socket.destroyed;
      if (over) return success(updates);
      await pause(checkEveryMs, stop);
      if (!(await state.keep(holder))) return reply.code(409).send(failure(409, conflict));
    }
  } finally {
    await state.unlock(holder);
  }
}

const argumentsOf = (request: FastifyRequest): object => ({
  ...(request.query as object),
  ...(request.body as object),
});
const success = (result: unknown) => ({ ok: true, result });
const failure = (code: number, description: string) => ({
  ok: false,
  error_code: code,
  description,
});

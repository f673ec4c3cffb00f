import type { FastifyInstance } from "fastify";
import { z } from "zod";
import type { Ring } from "../jwt-ring.ts";

const wish = "want a text of 1 to 100 characters";
const login = z.object({ user: z.string(wish).trim().min(1, wish).max(100, wish) });

/** Sessions as signed tokens: any replica accepts what another one signed. */
export function addSession(app: FastifyInstance, ring: Ring): void {
  app.post("/session", async (request, reply) => {
    const { user } = login.parse(request.body ?? {});
    return reply.code(201).send({ token: await ring.sign(user) });
  });

  app.get("/me", async (request, reply) => {
    const token = /^Bearer (\S+)$/.exec(request.headers.authorization ?? "")?.[1];
    const payload = token && (await ring.verify(token).catch(() => undefined));
    return payload ? { user: payload.sub } : reply.code(401).send({ error: "want a valid session token" });
  });
}

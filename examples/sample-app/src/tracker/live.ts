import websocket from "@fastify/websocket";
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { topics } from "./events.ts";
import type { LiveHub } from "./live-hub.ts";

const wish = `want one or more of ${topics.join(", ")}, separated by commas`;

export const liveQuery = z.object({
  topics: z
    .string(wish)
    .transform((text) => text.split(",").map((topic) => topic.trim()))
    .pipe(z.array(z.enum(topics, wish))),
});

/** `/ws?topics=…`: events of these topics as they happen. What clients send is ignored. */
export async function addLive(app: FastifyInstance, hub: LiveHub): Promise<void> {
  await app.register(websocket, {
    options: { maxPayload: 1024, perMessageDeflate: false },
    preClose: (done) => {
      hub.close();
      app.websocketServer.close(() => undefined);
      done();
    },
  });
  app.get(
    "/ws",
    // Refused while it is still an HTTP request, with a reason.
    { websocket: true, preValidation: async (request) => void liveQuery.parse(request.query) },
    (socket, request) => hub.add(socket, liveQuery.parse(request.query).topics),
  );
}

import type { FastifyInstance } from "fastify";
import type { Pool } from "pg";
import { z } from "zod";
import type { EncryptionRing } from "../encryption-ring.ts";
import type { Announce } from "./announce.ts";
import { embed, vectorText } from "./embedding.ts";

const textWish = "want a text of 1 to 4096 characters";
const text = z.string(textWish).trim().min(1, textWish).max(4096, textWish);
const newMessage = z.strictObject({ text });

const limitWish = "want a whole number from 1 to 50";
const similarQuery = z.object({
  to: text,
  limit: z.coerce.number(limitWish).int(limitWish).min(1, limitWish).max(50, limitWish).default(5),
});

export interface MessageParts {
  readonly pool: Pool;
  readonly ring: EncryptionRing;
  readonly announce: Announce;
}

interface Row {
  readonly id: string;
  readonly token: string;
  readonly distance: number;
  readonly createdAt: Date;
}

/** Messages: encrypted at rest, found again by what they are like. */
export function addMessages(app: FastifyInstance, { pool, ring, announce }: MessageParts): void {
  app.post("/messages", async (request, reply) => {
    const { text } = newMessage.parse(request.body ?? {});
    const { rows } = await pool.query<{ id: string; createdAt: Date }>(
      `INSERT INTO messages (token, kid, embedding) VALUES ($1, $2, $3) RETURNING id, created_at AS "createdAt"`,
      [ring.encrypt(text), ring.current, vectorText(embed(text))],
    );
    const message = rows[0]!;
    await announce({ topic: "messages", type: "stored", messageId: message.id, at: message.createdAt.toISOString() });
    return reply.code(201).send(message);
  });

  app.get("/messages/similar", async (request) => {
    const { to, limit } = similarQuery.parse(request.query);
    const { rows } = await pool.query<Row>(
      `SELECT id, token, embedding <=> $1 AS distance, created_at AS "createdAt" FROM messages
       ORDER BY embedding <=> $1, id LIMIT $2`,
      [vectorText(embed(to)), limit],
    );
    return { messages: rows.map(({ token, ...row }) => ({ ...row, text: ring.decrypt(token) })) };
  });
}

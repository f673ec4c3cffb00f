import type { FastifyInstance } from "fastify";
import type { Pool } from "pg";
import type { Redis } from "../clients/redis.ts";
import { readPopular } from "../popular.ts";

/** The menu from Postgres, and how often each item was ordered from Redis. */
export function addMenu(app: FastifyInstance, pool: Pool, cache: Redis): void {
  app.get("/menu", async () => {
    const { rows } = await pool.query(
      `SELECT id, slug, name, description, price_cents AS "priceCents" FROM menu_items ORDER BY id`,
    );
    return { items: rows };
  });

  app.get("/popular", async (_request, reply) => {
    if (!cache.isReady) return reply.code(503).send({ error: "temporarily unavailable" });
    return { items: await readPopular(cache) };
  });
}

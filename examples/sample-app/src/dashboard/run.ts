import { addAssets, Assets, publicFolder } from "../assets.ts";
import type { RunContext } from "../entries.ts";
import { common, dashboardPage, http, product } from "../env/fragments.ts";
import { loadEnv } from "../env/load.ts";
import { drainOf, serveUntilStopped } from "../http/drain.ts";
import { addHealth } from "../http/health.ts";
import { createServer } from "../http/server.ts";
import { renderDashboard } from "./page.ts";

const shape = { ...common, ...http(3000), ...dashboardPage, ...product };

/** The page of Task Tracker. It needs nothing to be served; the script finds the API. Security headers are the edge's. */
export async function dashboard({ env, stop, log }: RunContext): Promise<void> {
  const settings = loadEnv(shape, env);
  const drain = drainOf(stop);
  const app = createServer({ log, version: settings.APP_VERSION, drain });
  addHealth(app, drain, {});
  app.get("/healthz", async () => ({ status: "ok" }));
  const assets = new Assets(publicFolder("task-tracker"));
  addAssets(app, assets);
  app.get("/", async (_request, reply) => {
    const html = renderDashboard({
      name: settings.APP_NAME,
      version: settings.APP_VERSION,
      apiUrl: settings.VITE_API_BASE_URL,
      socketUrl: settings.VITE_WS_URL,
      assets: await assets.paths(),
    });
    return reply.type("text/html; charset=utf-8").header("cache-control", "no-cache").send(html);
  });
  const { PORT: port, DRAIN_SECONDS: drainSeconds } = settings;
  await serveUntilStopped(app, { port, drainMs: drainSeconds * 1000, stop, log });
}

import { addAssets, Assets, publicFolder } from "../assets.ts";
import type { RunContext } from "../entries.ts";
import { common, http, page } from "../env/fragments.ts";
import { loadEnv } from "../env/load.ts";
import { drainOf, serveUntilStopped } from "../http/drain.ts";
import { addHealth } from "../http/health.ts";
import { createServer } from "../http/server.ts";
import { fetchMenu } from "./menu.ts";
import { renderPage } from "./page.ts";

const shape = { ...common, ...http(3000), ...page };

/** The web page. Without a backend it still renders; the script fetches the menu later. */
export async function frontend({ env, stop, log }: RunContext): Promise<void> {
  const settings = loadEnv(shape, env);
  const drain = drainOf(stop);
  const app = createServer({ log, version: settings.APP_VERSION, drain });
  addHealth(app, drain, {});
  app.get("/healthz", async () => ({ status: "ok" }));
  const assets = new Assets(publicFolder("lunch-bot"));
  addAssets(app, assets);
  const policy = contentPolicy(settings.NEXT_PUBLIC_API_URL);
  app.get("/", async (_request, reply) => {
    const items = settings.BACKEND_URL ? await fetchMenu(settings.BACKEND_URL, log) : [];
    const html = renderPage({
      items,
      apiUrl: settings.NEXT_PUBLIC_API_URL,
      version: settings.APP_VERSION,
      assets: await assets.paths(),
    });
    reply.headers({ "content-security-policy": policy, "cache-control": "no-cache" });
    return reply.type("text/html; charset=utf-8").send(html);
  });
  await serveUntilStopped(app, {
    port: settings.PORT,
    drainMs: settings.DRAIN_SECONDS * 1000,
    stop,
    log,
  });
}

/** Nothing inline, nothing foreign, apart from the API when it has an origin of its own. */
function contentPolicy(apiUrl: string): string {
  const api = apiUrl.startsWith("/") ? "" : ` ${new URL(apiUrl).origin}`;
  return `default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'${api}; base-uri 'none'; form-action 'none'`;
}

/**
 * @runs beside others
 * @covers components/edge/ components/services/scripts/nginx components/services/nginx images/
 */
import { EdgeSettings } from "../../components/edge/edge-settings";
import { atLeast, MINIMUM_NGINX_VERSION } from "../../components/edge/nginx-version";
import { edgeSettings } from "../support/edge";
import { EchoSocket } from "./nginx/echo-socket";
import { Edge } from "./nginx/edge";
import { ALWAYS } from "./nginx/headers";
import { DRAWN_IMAGES } from "./nginx/images";
import { told } from "./nginx/told";
import { ask } from "./support/ask";
import { eventually } from "./support/run";

/** The configuration under real nginx: it is accepted, and does what it says. */
describe.each(DRAWN_IMAGES)("an edge of the image %s", (which) => {
  let edge: Edge;
  let http: string;

  beforeAll(async () => {
    edge = await Edge.start(which);
    http = `http://127.0.0.1:${edge.httpPort}`;
  });
  afterAll(() => edge.remove());

  const PATHS = [
    { path: "/assets/", static: true },
    { path: "/ws", exact: true, webSocket: {} },
    ...["/api/", "/long", "/own/", "/silent"].map((at) => ({ path: at })),
  ];
  const configure = (changes: Partial<EdgeSettings> = {}) =>
    edge.configure(edgeSettings({ publicUrl: http, httpPort: edge.httpPort, ...changes }));

  test("is of a version that is not too old, and not that of the other", async () => {
    const version = /nginx\/([\d.]+)/.exec(await edge.inside("sh", "-c", "nginx -v 2>&1"))?.[1] ?? "";
    expect(atLeast(version, MINIMUM_NGINX_VERSION)).toBe(true);
    expect(version.startsWith("1.28.")).toBe(which === "older");
  });

  describe("without TLS of its own", () => {
    beforeAll(async () => {
      await configure();
      await edge.route(PATHS);
    });

    test.each([
      ["200 of a service", "/api/", 200],
      ["404 of a service", "/api/status/404", 404],
      ["500 of a service", "/api/status/500", 500],
      ["503 for a path that no route covers", "/nowhere", 503],
      ["200 of the health check", "/nginx-health", 200],
    ])("has all its headers on %s", async (_name, at, status) => {
      const answer = await ask(http + at);
      expect(answer.status).toBe(status);
      expect(answer.headers).toMatchObject(ALWAYS);
      expect(answer.headers["strict-transport-security"]).toBeUndefined();
    });

    test("has them on what is no request, too", async () => {
      const answer = await ask(`${http}/api/`, { headers: { "X-Large": "x".repeat(40_000) } });
      expect(answer.status).toBe(400);
      expect(answer.headers).toMatchObject(ALWAYS);
    });

    test("replaces headers of a service, once each, apart from stricter wishes", async () => {
      const { headers } = await ask(`${http}/own/`);
      expect(headers).toMatchObject({ ...ALWAYS, "referrer-policy": "no-referrer", "cache-control": "private" });
      expect(headers["x-powered-by"]).toBeUndefined();
    });

    test("tells of its own errors in HTML, and in JSON to who asks for that, with the id that the log has", async () => {
      const page = await ask(`${http}/nowhere`);
      expect(page.headers["content-type"]).toBe("text/html; charset=utf-8");
      expect(page.headers["cache-control"]).toBe("no-store");
      const id = page.headers["x-request-id"] as string;
      expect(page.text).toContain(`<p>Status 503, request <code>${id}</code></p>`);
      const data = await ask(`${http}/nowhere`, { headers: { Accept: "application/json" } });
      expect(data.headers["content-type"]).toBe("application/json");
      const requestId = data.headers["x-request-id"];
      const error = "The service does not answer at the moment";
      expect(JSON.parse(data.text)).toEqual({ status: 503, error, requestId });
      const logged = await eventually("both requests in the log", 5, async () => {
        const lines = (await edge.log()).filter((line) => line.request_id === id || line.request_id === requestId);
        return lines.length === 2 ? lines : undefined;
      });
      expect(logged).toEqual([
        expect.objectContaining({ status: 503, uri: "/nowhere", method: "GET" }),
        expect.objectContaining({ status: 503, uri: "/nowhere", method: "GET" }),
      ]);
    });

    test("compresses long text, and not for pages of other sites", async () => {
      const encoding = async (headers: Record<string, string>) =>
        (await ask(`${http}/long`, { headers: { "Accept-Encoding": "gzip", ...headers } })).headers["content-encoding"];
      expect(await encoding({})).toBe("gzip");
      expect(await encoding({ Referer: `${http}/page?a=b` })).toBe("gzip");
      expect(await encoding({ "Sec-Fetch-Site": "same-origin", Referer: "https://elsewhere.example/" })).toBe("gzip");
      expect(await encoding({ "Sec-Fetch-Site": "none" })).toBe("gzip");
      expect(await encoding({ Referer: "https://elsewhere.example/" })).toBeUndefined();
      expect(await encoding({ Referer: `https://elsewhere.example/${http}` })).toBeUndefined();
      expect(await encoding({ "Sec-Fetch-Site": "cross-site" })).toBeUndefined();
      expect(await encoding({ "Sec-Fetch-Site": "same-site" })).toBeUndefined();
      const short = await ask(`${http}/api/`, { headers: { "Accept-Encoding": "gzip" } });
      expect(short.headers["content-encoding"]).toBeUndefined();
    });

    test("takes bodies up to the limit", async () => {
      await configure({ maxBodyMiB: 1 });
      const mebibyte = "x".repeat(1024 * 1024);
      expect((await ask(`${http}/api/`, { json: mebibyte.slice(2) })).status).toBe(200);
      const refused = await ask(`${http}/api/`, { json: mebibyte });
      expect(refused.status).toBe(413);
      expect(refused.headers).toMatchObject(ALWAYS);
    });

    test("answers 504 when the service is silent for too long", async () => {
      await configure({ readTimeoutSeconds: 1 });
      const answer = await ask(`${http}/silent`);
      expect(answer.status).toBe(504);
      expect(answer.headers).toMatchObject(ALWAYS);
    });

    test("answers 429 to a client that asks too often", async () => {
      await configure({ rateLimit: { requestsPerSecond: 1, burst: 2 } });
      const answers = await Promise.all(Array.from({ length: 6 }, () => ask(`${http}/api/`)));
      const refused = answers.filter(({ status }) => status === 429);
      expect(refused.length).toBeGreaterThanOrEqual(3);
      expect(answers.filter(({ status }) => status === 200).length).toBeGreaterThanOrEqual(3);
      expect(refused[0]?.headers).toMatchObject(ALWAYS);
      expect((await ask(`${http}/nginx-health`)).status).toBe(200);
    });

    test.each(["off", "immutable"] as const)("static files with the cache %s", async (staticCache) => {
      await configure({ staticCache });
      const cached = async (at: string) => (await ask(http + at)).headers["cache-control"];
      expect(await cached("/assets/app.js")).toBe(
        staticCache === "off" ? "no-store" : "public, max-age=31536000, immutable",
      );
      expect(await cached("/assets/absent.js")).toBe("no-store");
      expect(await cached("/api/")).toBe("private");
    });

    test("may be framed by those that the settings name", async () => {
      await configure({ frameAncestors: ["https://web.telegram.org"] });
      const { headers } = await ask(`${http}/api/`);
      expect(headers["content-security-policy"]).toContain("frame-ancestors https://web.telegram.org;");
      expect(headers["x-frame-options"]).toBeUndefined();
      await configure({ frameAncestors: ["'self'"] });
      expect((await ask(`${http}/api/`)).headers["x-frame-options"]).toBe("SAMEORIGIN");
    });

    test("a WebSocket says and hears, and a reload does not cut it", async () => {
      await configure();
      const socket = await EchoSocket.open(edge.httpPort, "/ws");
      expect(await socket.echo("before")).toBe("before");
      await configure({ maxBodyMiB: 3 });
      // The new workers have long been serving when nothing is left of the old ones but this.
      await eventually("the reload", 10, async () => {
        return (await edge.inside("sh", "-c", "cat /proc/[0-9]*/cmdline | tr '\\0' ' '")).includes("shutting down")
          ? true
          : undefined;
      });
      expect(await socket.echo("after")).toBe("after");
      socket.close();
    });

    test("a port of the service's own leads to all its paths, WebSockets, too", async () => {
      const own = `http://127.0.0.1:${edge.servicePort}`;
      expect((await ask(`${own}/nowhere`)).status).toBe(200);
      const socket = await EchoSocket.open(edge.servicePort, "/ws");
      expect(await socket.echo("own")).toBe("own");
      socket.close();
    });

    test("upgrades to nothing else", async () => {
      const answer = await ask(`${http}/api/`, { headers: { Connection: "Upgrade, HTTP2-Settings", Upgrade: "h2c" } });
      expect(told(answer).upgrade).toBeUndefined();
    });

    test("502 while the service is away, with all headers", async () => {
      await configure();
      await edge.stopService();
      const answer = await eventually("502", 10, async () => {
        const asked = await ask(`${http}/api/`);
        return asked.status === 502 ? asked : undefined;
      });
      expect(answer.headers).toMatchObject(ALWAYS);
      expect(answer.headers["cache-control"]).toBe("no-store");
      await edge.startService();
      await eventually("200", 20, async () => ((await ask(`${http}/api/`)).status === 200 ? true : undefined));
    });
  });

  test("nginx has warned of nothing but what the tests did to it", async () => {
    const expected = /could not be resolved/;
    expect((await edge.warnings()).filter((line) => !expected.test(line))).toEqual([]);
  });
});

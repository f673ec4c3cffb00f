/**
 * @runs beside others
 * @covers components/edge/ components/services/scripts/nginx components/services/nginx images/
 */
import { EdgeSettings } from "../../components/edge/edge-settings";
import { atLeast, MINIMUM_NGINX_VERSION } from "../../components/edge/nginx-version";
import { drawn } from "../support/draw";
import { edgeSettings } from "../support/edge";
import { EchoSocket } from "./nginx/echo-socket";
import { Edge } from "./nginx/edge";
import { ALWAYS } from "./nginx/headers";
import { edgeImages } from "./nginx/images";
import { rawRequest, sendRaw } from "./nginx/raw";
import { Answer, ask } from "./support/ask";
import { eventually } from "./support/run";

/** The configuration under real nginx: it is accepted, and does what it says. */
describe.each(drawn("images of nginx", ["nginx", "older"] as const))("an edge of the image %s", (which) => {
  let edge: Edge;
  let node: string;
  let http: string;

  beforeAll(async () => {
    const images = await edgeImages();
    node = images.node;
    edge = await Edge.start(images[which], node);
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
      await edge.startService(node);
      await eventually("200", 20, async () => ((await ask(`${http}/api/`)).status === 200 ? true : undefined));
    });
  });

  describe("who the client is", () => {
    const forged = {
      "X-Forwarded-For": "203.0.113.9",
      "X-Forwarded-Proto": "https",
      "X-Forwarded-Host": "forged.example",
      "X-Forwarded-Port": "1",
      "X-Forwarded-Prefix": "/forged",
      "X-Forwarded-Ssl": "on",
      "X-Original-URL": "/forged",
      "X-Real-IP": "203.0.113.9",
      "True-Client-IP": "203.0.113.9",
      "X-Request-Id": "given-by-a-proxy-1",
      Forwarded: "for=203.0.113.9",
      X_Forwarded_For: "203.0.113.9",
    };
    const unknown = /^(forwarded|true-client-ip|x_forwarded_for|x-original-url|x-forwarded-(port|prefix|ssl))$/;
    const allowed = { allowedHosts: ["forged.example:80"] };

    test("what anybody says of it is replaced", async () => {
      await configure({ ...allowed, trustedProxies: ["192.0.2.0/24"] });
      const gateway = await edge.gateway();
      const answer = await ask(`${http}/api/`, { headers: forged });
      expect(told(answer)).toMatchObject({
        "x-forwarded-for": gateway,
        "x-real-ip": gateway,
        "x-forwarded-proto": "http",
        "x-forwarded-host": `127.0.0.1:${edge.httpPort}`,
        "x-request-id": answer.headers["x-request-id"],
      });
      expect(told(answer)["x-request-id"]).toMatch(/^[0-9a-f]{32}$/);
      expect(Object.keys(told(answer)).filter((name) => unknown.test(name))).toEqual([]);
    });

    test("what a trusted proxy says of it counts, as far as it is trusted", async () => {
      const gateway = await edge.gateway();
      await configure({ ...allowed, trustedProxies: [`${gateway}/32`] });
      const answer = await ask(`${http}/api/`, {
        headers: { ...forged, "X-Forwarded-For": "198.51.100.1, 203.0.113.9" },
      });
      expect(told(answer)).toMatchObject({
        host: "forged.example",
        "x-forwarded-for": "203.0.113.9",
        "x-forwarded-proto": "https",
        "x-forwarded-host": "forged.example",
        "x-request-id": "given-by-a-proxy-1",
      });
      expect(Object.keys(told(answer)).filter((name) => unknown.test(name))).toEqual([]);
      expect(answer.headers["strict-transport-security"]).toBe("max-age=31536000");
      await eventually("the request in the log", 5, async () => {
        return (await edge.log()).some(({ client, peer }) => client === "203.0.113.9" && peer === gateway) || undefined;
      });
    });

    test.each<[string, string[], Record<string, string>]>([
      ["in one header", ["X-Forwarded-Proto: http, https", "X-Forwarded-Host: evil.example, forged.example"], {}],
      ["that say the same", ["X-Forwarded-Proto: https, https", "X-Forwarded-Host: forged.example,forged.example"], {}],
      [
        "in repeated headers",
        [
          ...["X-Forwarded-Proto: http", "X-Forwarded-Proto: HTTPS", "X-Forwarded-For: 198.51.100.1"],
          ...["X-Forwarded-For: 203.0.113.7", "X-Forwarded-Host: evil.example", "X-Forwarded-Host: FORGED.example."],
        ],
        { "x-forwarded-for": "203.0.113.7" },
      ],
      ["for a WebSocket", ["X-Forwarded-Proto: wss", "X-Forwarded-Host: forged.example:80"], {}],
    ])("of several words of the proxy on the host the last one counts: %s", async (_name, headers, more) => {
      await configure({ ...allowed, trustedProxies: ["host"] });
      const first = "GET /api/ HTTP/1.1";
      const { text, statuses } = await sendRaw(edge.httpPort, rawRequest(first, ["Host: 10.0.0.1", ...headers]));
      expect(statuses).toEqual([200]);
      const want = { "x-forwarded-proto": "https", "x-forwarded-host": "forged.example", host: "forged.example" };
      expect(toldRaw(text).headers).toMatchObject({ ...want, ...more });
    });

    test("the last word is no host of ours: 421", async () => {
      const headers = ["Host: forged.example", "X-Forwarded-Host: forged.example, evil.example"];
      expect(await sendRaw(edge.httpPort, rawRequest("GET /api/ HTTP/1.1", headers))).toMatchObject({
        statuses: [421],
      });
    });

    test("of an https public URL plain HTTP is answered only where the proxy says that it was TLS", async () => {
      const publicUrl = "https://www.example.com";
      await configure({ publicUrl, trustedProxies: ["host"] });
      const get = async (proto?: string, at = "/api/x?y=z", host = "www.example.com") => {
        const headers = { Host: host, ...(proto !== undefined && { "X-Forwarded-Proto": proto }) };
        const answer = await ask(http + at, { headers });
        return [answer.status, answer.headers.location];
      };
      const away = [308, `${publicUrl}/api/x?y=z`];
      expect(await get("https")).toEqual([200, undefined]);
      expect(await get("http")).toEqual(away);
      expect(await get("https, http")).toEqual(away);
      expect(await get()).toEqual([421, undefined]);
      expect(await get("none")).toEqual([421, undefined]);
      expect(await get("https", "/api/", "evil.example")).toEqual([421, undefined]);
      expect(await get(undefined, "/nginx-health", "127.0.0.1")).toEqual([200, undefined]);
      await configure({ publicUrl, trustedProxies: ["192.0.2.0/24"] });
      for (const proto of ["https", "http", undefined]) expect(await get(proto)).toEqual(away);
      expect(await get(undefined, "/nginx-health", "127.0.0.1")).toEqual([200, undefined]);
      expect((await ask(`http://127.0.0.1:${edge.servicePort}/x`)).status).toBe(200);
    });
  });

  describe("what nobody means well with", () => {
    beforeAll(async () => {
      await configure({ allowedHosts: ["www.example.com", "Shop.example.com:8443"] });
      await edge.routeOther(["/metrics/", "/internal/", "/"].map((at) => ({ path: at })));
      await edge.route([...PATHS, { path: "/elsewhere/" }, { path: "/files/", encodedSlashes: true }]);
    });

    const host = () => `Host: 127.0.0.1:${edge.httpPort}`;
    const send = (target: string, headers = [host()], body = "") => {
      return sendRaw(edge.httpPort, rawRequest(`GET ${target} HTTP/1.1`, headers, body));
    };

    test.each([
      ...["/internal/%2e%2e/api/", "/internal/%2E%2e/api/", "/internal/.%2e/api/", "/internal/../api/", "/api/.."],
      ...["/api/./x", "/api/%2e/x", "/metrics/..%2fapi/x", "/metrics/..%2Fapi/x", "/metrics%2f..%2fapi/x"],
      ...["/metrics/..%5capi/x", "/metrics/..\\api/x", "/api\\x", "/metrics/..;/api/x", "/metrics/..;a=b/api/x"],
      ...["/metrics/..%3b/api/x", "/api/%252e%252e/metrics", "/api/%25252e./metrics", "/api/x%2fy", "/api/x%5Cy"],
      ...["/api/x%252fy", "/metrics/..%252fapi/x", "/api/%c0%ae%c0%ae/metrics", "/api/..%c0%afmetrics", "/api/..?x=y"],
      ...["/api/x#/../metrics", "/files/..%2fapi/", "/files/x%2f..%2f..%2fapi/", "/files%2fx", "/%66iles/a%2Fb"],
      ...["http://127.0.0.1/api/", "http://evil.example/api/", "//..%2fapi/", "/files/a%2F%2e%2e/b"],
    ])("%s is answered 400", async (target) => {
      const { statuses, text } = await send(target);
      expect(statuses).toEqual([400]);
      expect(text).not.toContain('"port"');
    });

    test.each([
      ["/api/a.b/..c/d../...?x=../..%2f%5c\\", 8000],
      ["/api/%41%20%C3%A9/.well-known/x;y=z", 8000],
      ["/api/100%25", 8000],
      ["/files/bucket%2Fa%2fb%5Cc", 8000],
      ["/metrics/x", 8001],
      ["/other//x", 8001],
    ])("%s is passed on as it is", async (target, port) => {
      const { statuses, text } = await send(target);
      expect(statuses).toEqual([200]);
      expect(toldRaw(text)).toMatchObject({ url: target, port });
    });

    test.each([
      ["evil.example", 421],
      ["app", 421],
      ["app:8000", 421],
      ["127.0.0.1", 421],
      ["127.0.0.1:1", 421],
      ["user@127.0.0.1:PORT", 400],
      ["127.0.0.1:PORT, evil.example", 400],
      ["127.0.0.1:PORT\r\nHost: evil.example", 400],
      ["", 400],
      ["LOCALHOST:PORT", 200],
      ["localhost.:PORT", 200],
      ["[::1]:PORT", 200],
      ["www.example.com:PORT", 200],
      ["shop.example.com:8443", 200],
    ])("the host %s is answered %i", async (asked, status) => {
      const { statuses, text } = await send("/api/", [`Host: ${asked.replace("PORT", String(edge.httpPort))}`]);
      expect(statuses).toEqual([status]);
      if (status !== 200) return;
      const canonical = asked.toLowerCase().replace(".:", ":").replace("port", String(edge.httpPort));
      expect(toldRaw(text).headers).toMatchObject({ host: canonical, "x-forwarded-host": canonical });
    });

    test("421 and 400 have all headers, and are told in JSON to who asks for that", async () => {
      const answer = await ask(`${http}/api/`, { headers: { Host: "evil.example", Accept: "application/json" } });
      expect(answer.headers).toMatchObject(ALWAYS);
      expect(JSON.parse(answer.text)).toMatchObject({ status: 421, error: "This address is not served here" });
      expect((await ask(`${http}/api/a%2fb`)).headers).toMatchObject(ALWAYS);
    });

    test("the internal listener cannot be reached from where nginx is published, and the service's own port by no other name", async () => {
      const inside = await edge.address();
      const code = "-s -o /dev/null -w %{http_code} -m 3".split(" ");
      expect(await edge.inside("curl", ...code, "-H", "Host: app", `http://${inside}:8000/metrics`)).toBe("421");
      expect(await edge.inside("curl", ...code, "-H", "Host: app", "http://127.0.0.1:8000/metrics")).toBe("200");
      const own = (name: string) => ask(`http://127.0.0.1:${edge.servicePort}/x`, { headers: { Host: name } });
      expect((await own("evil.example")).status).toBe(421);
      expect((await own(`localhost:${edge.servicePort}`)).status).toBe(200);
    });

    test("a service cannot send on to what is another's", async () => {
      const answer = await ask(`${http}/elsewhere/`);
      expect(toldRaw(answer.text)).toMatchObject({ url: "/elsewhere/", port: 8000 });
      expect(Object.keys(answer.headers).filter((name) => name.startsWith("x-accel"))).toEqual([]);
    });

    test.each([
      ["a length and chunks", ["Content-Length: 5", "Transfer-Encoding: chunked"], [400]],
      ["two lengths", ["Content-Length: 5", "Content-Length: 6"], [400]],
      ["two encodings", ["Transfer-Encoding: chunked", "Transfer-Encoding: identity"], [400]],
      ["an encoding that nobody knows", ["Transfer-Encoding: xchunked"], [501]],
      ["a blank before the colon", ["Transfer-Encoding : chunked"], [400]],
      ["a folded line", ["Transfer-Encoding:", " chunked"], [400]],
      ["a length that is none", ["Content-Length: +5"], [400]],
    ])("a body with %s smuggles no second request", async (_name, headers, want) => {
      const body = "0\r\n\r\nGET /metrics/smuggled HTTP/1.1\r\nHost: x\r\n\r\n";
      const first = rawRequest("POST /api/ HTTP/1.1", [host(), ...headers], body);
      const { statuses, text } = await sendRaw(edge.httpPort, first);
      expect(statuses).toEqual(want);
      expect(text).not.toContain("smuggled");
    });

    test.each([
      ["h2c", ["Upgrade: h2c", "HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA"]],
      ["h2c after websocket", ["Upgrade: websocket, h2c"]],
      ["h2c beside websocket", ["Upgrade: websocket", "Upgrade: h2c"]],
      ["anything else", ["Upgrade: TLS/1.0"]],
    ])("an upgrade to %s does not reach the service", async (_name, headers) => {
      const lines = [host(), "Connection: close, Upgrade, HTTP2-Settings", ...headers, "", ""];
      const { statuses, text } = await sendRaw(edge.httpPort, ["GET /api/ HTTP/1.1", ...lines].join("\r\n"));
      expect(statuses).toEqual([200]);
      expect(toldRaw(text).headers.upgrade).toBeUndefined();
      expect(toldRaw(text).headers.connection).toBeUndefined();
    });

    test("the header Connection takes none of nginx' own away from the service", async () => {
      const headers = [host(), "Connection: close, X-Real-IP, X-Forwarded-For, Host"];
      const { text } = await sendRaw(edge.httpPort, ["GET /api/ HTTP/1.1", ...headers, "", ""].join("\r\n"));
      expect(toldRaw(text).headers).toMatchObject({ "x-real-ip": await edge.gateway() });
    });
  });

  describe("secrets of requests", () => {
    const SECRET = "s3cr3t-of-a-user";
    const headers = () => [
      ...[`Host: 127.0.0.1:${edge.httpPort}`, `Referer: http://x.example/?token=${SECRET}`],
      ...[`Authorization: Bearer ${SECRET}`, `Cookie: session=${SECRET}`],
    ];
    const send = (target: string, more: readonly string[] = [], body = "") => {
      return sendRaw(edge.httpPort, rawRequest(`POST ${target} HTTP/1.1`, [...headers(), ...more], body), 10_000);
    };

    test("are in no log, whatever goes wrong", async () => {
      await configure({ maxBodyMiB: 1, readTimeoutSeconds: 1, rateLimit: { requestsPerSecond: 1, burst: 20 } });
      const query = `?token=${SECRET}`;
      const statuses = async (...sent: Parameters<typeof send>) => (await send(...sent)).statuses;
      expect(await statuses(`/api/${query}`)).toEqual([200]);
      expect(await statuses(`/api/${query}`, ["Content-Length: 9000000"])).toEqual([413]);
      expect(await statuses(`/silent${query}`)).toEqual([504]);
      expect(await statuses(`/api/%2e%2e/${query}`)).toEqual([400]);
      expect(await statuses(`/api/%zz/${query}`)).toEqual([400]);
      expect(await statuses(`/api/x#${query}`)).toEqual([400]);
      expect(await statuses(`/api/ ${query}`)).toEqual([400]);
      expect(await statuses(`/api/${query}`, [`Authorization : ${SECRET}`])).toEqual([400]);
      expect(await statuses(`/api/${query}`, ["Transfer-Encoding: chunked"], `${SECRET}\r\n`)).toEqual([400]);
      expect(await statuses(`/api/${query}`, [`X-Large: ${"x".repeat(40_000)}`])).toEqual([400]);
      expect(await statuses(`/api/${query}${"x".repeat(40_000)}`)).toEqual([414]);
      expect(await statuses(`http://evil.example/${query}`)).toEqual([400]);
      expect(await statuses(`/api/${query}`, ["Host: again"])).toEqual([400]);
      const many = await Promise.all(Array.from({ length: 30 }, () => statuses(`/api/${query}`)));
      expect(many.flat()).toContain(429);
      await edge.stopService();
      await eventually("502", 10, async () => ((await statuses(`/long${query}`))[0] === 502 ? true : undefined));
      await edge.startService(node);
      await configure();
      await eventually("200", 20, async () => ((await ask(`${http}/api/`)).status === 200 ? true : undefined));
      expect(await edge.output()).not.toContain(SECRET);
      const refused = (await edge.log()).filter(({ status }) => status === 502);
      expect(refused.at(-1)).toMatchObject({ uri: "/long", upstream_status: "502", upstream_connect_seconds: "-" });
    });
  });

  test("nginx has warned of nothing but what the tests did to it", async () => {
    const expected = /could not be resolved/;
    expect((await edge.warnings()).filter((line) => !expected.test(line))).toEqual([]);
  });
});

/** The headers that a service was asked with. */
function told({ text }: Answer): Record<string, string> {
  return (JSON.parse(text) as { headers: Record<string, string> }).headers;
}

interface Told {
  readonly headers: Record<string, string>;
  readonly url: string;
  readonly port: number;
}

/** What a service was asked, out of the whole text of an answer. */
function toldRaw(text: string): Told {
  return JSON.parse(text.slice(text.lastIndexOf('{"headers"'))) as Told;
}

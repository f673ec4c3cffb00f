/**
 * @runs beside others
 * @covers components/edge/ components/services/scripts/nginx components/services/nginx images/
 */
import { EdgeSettings } from "../../components/edge/edge-settings";
import { edgeSettings } from "../support/edge";
import { Edge } from "./nginx/edge";
import { FORGED, UNTOLD } from "./nginx/forged";
import { ALWAYS } from "./nginx/headers";
import { DRAWN_IMAGES } from "./nginx/images";
import { rawRequest, sendRaw } from "./nginx/raw";
import { PLAIN_TARGETS, STRANGE_TARGETS } from "./nginx/strange-targets";
import { told, toldRaw } from "./nginx/told";
import { ask } from "./support/ask";
import { eventually } from "./support/run";

/** What strangers send to real nginx: who is believed, what is refused, and what is written down. */
describe.each(DRAWN_IMAGES)("an edge of the image %s", (which) => {
  let edge: Edge;
  let http: string;

  beforeAll(async () => {
    edge = await Edge.start(which);
    http = `http://127.0.0.1:${edge.httpPort}`;
  });
  afterAll(() => edge.remove());

  const PATHS = ["/api/", "/long", "/silent", "/elsewhere/"].map((at) => ({ path: at }));
  const configure = (changes: Partial<EdgeSettings> = {}) =>
    edge.configure(edgeSettings({ publicUrl: http, httpPort: edge.httpPort, ...changes }));

  describe("who the client is", () => {
    beforeAll(async () => {
      await configure();
      await edge.route(PATHS);
    });

    const allowed = { allowedHosts: ["forged.example:80"] };

    test("what anybody says of it is replaced", async () => {
      await configure({ ...allowed, trustedProxies: ["192.0.2.0/24"] });
      const gateway = await edge.gateway();
      const answer = await ask(`${http}/api/`, { headers: FORGED });
      expect(told(answer)).toMatchObject({
        "x-forwarded-for": gateway,
        "x-real-ip": gateway,
        "x-forwarded-proto": "http",
        "x-forwarded-host": `127.0.0.1:${edge.httpPort}`,
        "x-request-id": answer.headers["x-request-id"],
      });
      expect(told(answer)["x-request-id"]).toMatch(/^[0-9a-f]{32}$/);
      expect(Object.keys(told(answer)).filter((name) => UNTOLD.test(name))).toEqual([]);
    });

    test("what a trusted proxy says of it counts, as far as it is trusted", async () => {
      const gateway = await edge.gateway();
      await configure({ ...allowed, trustedProxies: [`${gateway}/32`] });
      const answer = await ask(`${http}/api/`, {
        headers: { ...FORGED, "X-Forwarded-For": "198.51.100.1, 203.0.113.9" },
      });
      expect(told(answer)).toMatchObject({
        host: "forged.example",
        "x-forwarded-for": "203.0.113.9",
        "x-forwarded-proto": "https",
        "x-forwarded-host": "forged.example",
        "x-request-id": "given-by-a-proxy-1",
      });
      expect(Object.keys(told(answer)).filter((name) => UNTOLD.test(name))).toEqual([]);
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

    test("of a host that was not believed nothing stands in a redirect", async () => {
      await configure({ publicUrl: "https://shop.example.com", trustedProxies: ["host"] });
      const headers = ["Host: evil.example", "X-Forwarded-Host: shop.example.com", "X-Forwarded-Proto: https"];
      const { statuses, text } = await sendRaw(edge.httpPort, rawRequest("GET /api?x=y HTTP/1.1", headers));
      expect(statuses).toEqual([308]);
      expect(text).toContain("\r\nLocation: /api/?x=y\r\n");
      await configure({ ...allowed, trustedProxies: ["host"] });
    });

    test("the last word is no host of ours: 421", async () => {
      const headers = ["Host: forged.example", "X-Forwarded-Host: forged.example, evil.example"];
      expect(await sendRaw(edge.httpPort, rawRequest("GET /api/ HTTP/1.1", headers))).toMatchObject({
        statuses: [421],
      });
    });
  });

  describe("what nobody means well with", () => {
    beforeAll(async () => {
      await configure({ allowedHosts: ["www.example.com", "Shop.example.com:8443"] });
      const others = ["/metrics/", "/internal/", "/"].map((at) => ({ path: at }));
      await edge.routeOther([...others, { path: "/files", exact: true }]);
      await edge.route([...PATHS, { path: "/files/", encodedSlashes: true }]);
    });

    const host = () => `Host: 127.0.0.1:${edge.httpPort}`;
    const send = (target: string, headers = [host()], body = "") => {
      return sendRaw(edge.httpPort, rawRequest(`GET ${target} HTTP/1.1`, headers, body));
    };

    test.each(STRANGE_TARGETS)("%s is answered 400", async (target) => {
      const { statuses, text } = await send(target);
      expect(statuses).toEqual([400]);
      expect(text).not.toContain('"port"');
    });

    test.each(PLAIN_TARGETS)("%s is passed on as it is", async (target, port) => {
      const { statuses, text } = await send(target);
      expect(statuses).toEqual([200]);
      expect(toldRaw(text)).toMatchObject({ url: target, port });
    });

    test.each([
      ["GET", "/api", "/api/"],
      ["HEAD", "/api?", "/api/"],
      ["POST", "/api?x=%2f..//&y=https://evil.example", "/api/?x=%2f..//&y=https://evil.example"],
      ["PUT", "/%61pi?x", "/api/?x"],
    ])("%s %s is sent on as it is, with a slash, to the same host, whichever that is", async (method, target, want) => {
      const first = `${method} ${target} HTTP/1.1`;
      const { statuses, text } = await sendRaw(edge.httpPort, rawRequest(first, [host()]));
      expect(statuses).toEqual([308]);
      expect(text).toContain(`\r\nLocation: ${want}\r\n`);
      expect(text).toContain("\r\nCache-Control: no-store\r\n");
    });

    test("a path that lacks the slash of another's is its owner's own, and a service's own 301 stays", async () => {
      const { text } = await send("/files?x");
      expect(toldRaw(text)).toMatchObject({ url: "/files?x", port: 8001 });
      expect((await send("/api/status/301")).statuses).toEqual([301]);
    });

    test.each([
      ["evil.example", 421],
      ["app", 421],
      ["app:8000", 421],
      ["127.0.0.1", 421],
      ["127.0.0.1:1", 421],
      ["user@127.0.0.1:PORT", which === "older" ? 421 : 400],
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
      await edge.startService();
      await configure();
      await eventually("200", 20, async () => ((await ask(`${http}/api/`)).status === 200 ? true : undefined));
      expect(await edge.output()).not.toContain(SECRET);
      const refused = (await edge.log()).filter(({ status }) => status === 502);
      expect(refused.at(-1)).toMatchObject({ uri: "/long", upstream_status: "502", upstream_connect_seconds: "-" });
    });
  });
});

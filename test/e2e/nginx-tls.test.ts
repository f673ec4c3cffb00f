/**
 * @runs beside others
 * @covers components/edge/ components/services/scripts/nginx components/services/nginx images/
 */
import * as fs from "node:fs";
import * as http2 from "node:http2";
import * as os from "node:os";
import * as path from "node:path";

import { TlsFiles } from "../../components/settings/tls-files";
import { edgeSettings } from "../support/edge";
import { Edge } from "./nginx/edge";
import { ALWAYS } from "./nginx/headers";
import { DRAWN_IMAGES } from "./nginx/images";
import { ask } from "./support/ask";
import { selfSigned } from "./support/certificate";

/** TLS by nginx itself or by a proxy in front, under real nginx. */
describe.each(DRAWN_IMAGES)("an edge of the image %s with TLS", (which) => {
  let edge: Edge;
  let http: string;
  let https: string;
  let folder: string;

  beforeAll(async () => {
    edge = await Edge.start(which);
    http = `http://127.0.0.1:${edge.httpPort}`;
    https = `https://127.0.0.1:${edge.httpsPort}`;
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "edge-tls-"));
    await configurePlain();
    await edge.route([{ path: "/api/" }]);
  });
  afterAll(async () => {
    await edge.remove();
    fs.rmSync(folder, { recursive: true });
  });

  const configurePlain = () => edge.configure(edgeSettings({ publicUrl: http, httpPort: edge.httpPort }));
  const certificate = async (name: string): Promise<TlsFiles> => {
    const { certificateFile, privateKeyFile } = await selfSigned(path.join(folder, name));
    const [text, key] = [certificateFile, privateKeyFile].map((file) => fs.readFileSync(file, "utf8"));
    return { certificate: text ?? "", privateKey: key ?? "" };
  };
  const configureTls = (files: TlsFiles) => {
    const { httpPort, httpsPort } = edge;
    return edge.configure(edgeSettings({ publicUrl: https, httpPort, httpsPort, tls: { mode: "files" } }), files);
  };

  test("serves HTTPS, renews the certificate by a reload, and forgets the key with TLS", async () => {
    const [first, second] = [await certificate("first"), await certificate("second")];
    await configureTls(first);
    expect((await ask(`${https}/api/`, { ca: first.certificate })).status).toBe(200);
    const before = await edge.inside("cat", "/proc/1/stat");
    await configureTls(second);
    const { headers } = await ask(`${https}/api/`, { ca: second.certificate });
    expect(headers).toMatchObject({
      ...ALWAYS,
      "content-security-policy": expect.stringContaining(
        `connect-src 'self' wss://127.0.0.1:${edge.httpsPort};`,
      ) as unknown,
      "strict-transport-security": "max-age=31536000",
    });
    await expect(ask(`${https}/api/`, { ca: first.certificate })).rejects.toThrow(/self-signed|signature/);
    expect((await edge.inside("cat", "/proc/1/stat")).split(" ")[21]).toBe(before.split(" ")[21]);
    const owned = await edge.inside("sh", "-c", "cd /var/cache/nginx/current && stat -c '%a %u' private-key.pem");
    expect(owned.trim()).toBe("600 101");
    await configurePlain();
    expect(await edge.inside("ls", "/var/cache/nginx/current")).not.toContain(".pem");
  });

  test("sends plain HTTP to the public URL, but for the health check", async () => {
    await configureTls(await certificate("third"));
    const sent = await ask(`${http}/api/x?y=z`, { method: "POST", headers: { Host: "forged.example" } });
    expect([sent.status, sent.headers.location]).toEqual([308, `${https}/api/x?y=z`]);
    expect(sent.headers).toMatchObject({ "x-content-type-options": "nosniff", "x-frame-options": "DENY" });
    expect(sent.headers["strict-transport-security"]).toBeUndefined();
    expect((await ask(`${http}/nginx-health`)).text).toBe("ok\n");
  });

  test("asks HTTP/2 for the same hosts and paths", async () => {
    const { certificate: ca, privateKey } = await certificate("sixth");
    await configureTls({ certificate: ca, privateKey });
    const client = http2.connect(https, { ca });
    const status = (headers: http2.OutgoingHttpHeaders) =>
      new Promise<number>((resolve, reject) => {
        const stream = client.request({ ":authority": new URL(https).host, ":path": "/api/", ...headers });
        stream.on("response", ({ ":status": answered }) => {
          resolve(answered ?? 0);
        });
        stream.on("error", reject).resume();
      });
    expect(await status({})).toBe(200);
    expect(await status({ ":authority": "evil.example" })).toBe(421);
    expect(await status({ host: "evil.example" })).toBe(400);
    expect(await status({ ":path": "/x/%2e%2e/api/" })).toBe(400);
    expect(await status({ ":path": "/api/..%2fx" })).toBe(400);
    expect(await status({ ":path": "http://evil.example/api/" })).toBe(400);
    client.close();
  });

  test("a key of another certificate changes nothing", async () => {
    const [good, other] = [await certificate("fourth"), await certificate("fifth")];
    await configureTls(good);
    const wrong = configureTls({ ...good, privateKey: other.privateKey });
    await expect(wrong).rejects.toThrow(/key values mismatch/);
    await expect(wrong).rejects.not.toThrow(/PRIVATE KEY/);
    expect((await ask(`${https}/api/`, { ca: good.certificate })).status).toBe(200);
  });

  test("of an https public URL plain HTTP is answered only where the proxy says that it was TLS", async () => {
    const publicUrl = "https://www.example.com";
    const behind = (...trustedProxies: string[]) =>
      edge.configure(edgeSettings({ publicUrl, httpPort: edge.httpPort, trustedProxies }));
    await behind("host");
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
    await behind("192.0.2.0/24");
    for (const proto of ["https", "http", undefined]) expect(await get(proto)).toEqual(away);
    expect(await get(undefined, "/nginx-health", "127.0.0.1")).toEqual([200, undefined]);
    expect((await ask(`http://127.0.0.1:${edge.servicePort}/x`)).status).toBe(200);
  });
});

import * as fs from "node:fs";

import { Backend, Nginx, NginxArgs } from "../../components";
import { renderMainConfig } from "../../components/edge/nginx-config";
import { TlsFileSettings } from "../../components/settings/tls-files";
import { edgeSettings } from "../support/edge";
import { engine, IMAGE, LIMIT, RUNTIME } from "../support/fixtures";
import { failing, graph } from "../support/harness";
import { removeTlsFiles, tlsFiles } from "../support/tls-files";

const args = (changes: Partial<NginxArgs> = {}): NginxArgs => ({
  ...{ platform: engine(), image: IMAGE, version: "1.30.6", limit: LIMIT, runtime: RUNTIME },
  ...{ publicSegment: "public", callsSegment: "calls", stableNames: ["backend"], edge: edgeSettings() },
  ...changes,
});

test("ports of the host that lead to one service each, on the loopback address", async () => {
  const result = await graph({}, () => {
    const common = args({ hostPorts: { backend: 8000, web: undefined }, stableNames: ["backend", "web"] });
    const nginx = new Nginx("nginx", common);
    for (const name of ["backend", "web"]) {
      const listening = { port: 8000, readinessPath: "/ready", segments: ["calls"] };
      nginx.route(new Backend(name, { ...common, ...listening }), [{ path: `/${name}/` }]);
    }
  });
  expect(result.container("nginx-container").ports).toEqual([
    { internal: 10080, external: 8080, ip: "127.0.0.1", protocol: "tcp" },
    { internal: 10100, external: 8000, ip: "127.0.0.1", protocol: "tcp" },
  ]);
  expect(result.get(":Command", "nginx-backend").inputs.stdin).toMatch(
    /^ {2}listen 8000;\n[\s\S]*^ {2}listen 10100;\n/m,
  );
  expect(result.get(":Command", "nginx-web").inputs.stdin).not.toContain("listen 101");
});

test("a port for a service that nginx does not stand in front of is refused", async () => {
  const { failure } = await failing({}, () => new Nginx("nginx", args({ hostPorts: { postgres: 5432 } })));
  expect(failure).toContain(
    '  hostPorts.postgres: want a service that nginx stands in front of: backend, got "postgres"',
  );
});

describe("TLS of its own", () => {
  let files: TlsFileSettings["tls"];
  const edge = () =>
    edgeSettings({ publicUrl: "https://www.example.com", httpPort: 80, httpsPort: 443, tls: { ...files } });

  beforeAll(() => {
    files = tlsFiles({ names: ["www.example.com"], days: 90 });
  });
  afterAll(removeTlsFiles);

  test("publishes the HTTPS listener, too", async () => {
    const result = await graph({}, () => new Nginx("nginx", args({ edge: edge() })));
    expect(result.container("nginx-container").ports).toEqual([
      { internal: 10080, external: 80, ip: "127.0.0.1", protocol: "tcp" },
      { internal: 10443, external: 443, ip: "127.0.0.1", protocol: "tcp" },
    ]);
  });

  test("certificate and key are secret, and in nothing but the input of the act", async () => {
    const result = await graph({}, () => new Nginx("nginx", args({ edge: edge() })));
    const { inputs, revealed } = result.get(":Command", "nginx-config");
    expect(inputs.stdin).toBe("[secret]");
    const [certificate, key] = [files.certificateFile, files.privateKeyFile].map((file) =>
      fs.readFileSync(file as string, "utf8"),
    );
    expect(revealed.stdin).toBe(
      `@@file nginx.conf\n${renderMainConfig(edge(), 0.5)}@@file certificate.pem\n${certificate}@@file private-key.pem\n${key}`,
    );
    const others = result.nodes.map((node) => ({ ...node, revealed: node.inputs === inputs ? {} : node.revealed }));
    expect(JSON.stringify(others)).not.toContain((key ?? "").split("\n")[1]);
  });

  test("another certificate is a reload: no container changes", async () => {
    const changed = async () => {
      const result = await graph({}, () => new Nginx("nginx", args({ edge: edge() })));
      return { container: result.container("nginx-container"), stdin: result.get(":Command", "nginx-config").revealed };
    };
    const before = await changed();
    files = tlsFiles({ names: ["www.example.com"], days: 90 });
    const after = await changed();
    expect(after.container).toEqual(before.container);
    expect(after.stdin).not.toEqual(before.stdin);
  });

  test("files that do not fit are refused before anything is made", async () => {
    const wrong = edgeSettings({ ...edge(), publicUrl: "https://other.example.com" });
    const { failure } = await failing({}, () => new Nginx("nginx", args({ edge: wrong })));
    expect(failure).toContain(
      "edge.tls.certificateFile: want a certificate for other.example.com, the host of edge.publicUrl, " +
        "got one for DNS:www.example.com",
    );
  });
});

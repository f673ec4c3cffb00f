import { Backend, Nginx, NginxArgs } from "../../components";
import { renderBootConfig, renderMainConfig } from "../../components/edge/nginx-config";
import { renderRoute } from "../../components/edge/route";
import { contentHash } from "../../components/platform/files";
import { httpCheck } from "../../components/platform/http-check";
import { hostScript, scriptText } from "../../components/platform/script";
import { edgeSettings } from "../support/edge";
import { engine, HARDENED, IMAGE, labels, LIMIT, QUIET, RUNTIME } from "../support/fixtures";
import { failing, graph, hexOf } from "../support/harness";
import { ROOT } from "../support/stacks";

const SERVICES = `${ROOT}/components/services`;
/** Another boot configuration means another store, and so that every piece is activated anew. */
const STORE = `lunch-bot-dev-nginx-store-${hexOf("nginx-store-id", { revision: contentHash(renderBootConfig()) })}`;

const EDGE = edgeSettings({ trustedProxies: ["10.0.0.0/8"] });

const args = (changes: Partial<NginxArgs> = {}): NginxArgs => ({
  platform: engine(),
  image: IMAGE,
  version: "1.30.6",
  limit: LIMIT,
  runtime: RUNTIME,
  publicSegment: "public",
  callsSegment: "calls",
  stableNames: ["backend"],
  edge: EDGE,
  ...changes,
});

const routed = (replicas: number) =>
  graph({}, () => {
    const common = args();
    const nginx = new Nginx("nginx", common);
    const backend = { ...common, port: 8000, readinessPath: "/ready", replicas, segments: ["calls"] };
    nginx.route(new Backend("backend", backend), [{ path: "/api/" }]);
  });

test("the edge starts with no routes, and waits for nobody", async () => {
  const result = await graph({}, () => new Nginx("nginx", args()));
  expect(result.childrenOf("Nginx nginx")).toEqual([
    "Command nginx-config",
    "Command nginx-gate",
    "Container nginx-container",
    "Container nginx-files",
    "RandomId nginx-store-id",
    "RandomId nginx-volume-id",
    "Volume nginx-store",
    "Volume nginx-volume",
  ]);
});

test("the container", async () => {
  const result = await graph({}, () => new Nginx("nginx", args()));
  const { inputs, options } = result.get(":Container", "nginx-container");
  expect(inputs).toEqual({
    ...HARDENED,
    name: "lunch-bot-dev-nginx",
    image: IMAGE,
    user: "101:101",
    entrypoints: ["sh", "/etc/dockwright/start.sh"],
    envs: ["NGINX_STATUS_PORT=10081"],
    labels: labels("nginx", "service"),
    cpus: "0.5",
    memory: 256,
    memorySwap: 256,
    tmpfs: { "/tmp": "uid=101,gid=101,mode=0700,size=64m,noexec,nosuid,nodev" },
    volumes: [
      { volumeName: STORE, containerPath: "/var/cache/nginx", readOnly: false },
      {
        volumeName: result.get(":Volume", "nginx-volume").inputs.name as string,
        containerPath: "/etc/dockwright",
        readOnly: true,
      },
    ],
    networksAdvanced: [{ name: "platform-calls-auto", aliases: ["backend"] }, { name: "platform-public-auto" }],
    ports: [{ internal: 10080, external: 8080, ip: "127.0.0.1", protocol: "tcp" }],
    healthcheck: {
      tests: ["CMD-SHELL", httpCheck(10080, "/nginx-health")],
      interval: "10s",
      timeout: "5s",
      retries: 3,
      startPeriod: "10s",
    },
    mustRun: true,
    restart: "unless-stopped",
    // Quits once its requests have been answered.
    stopSignal: "SIGQUIT",
    stopTimeout: 30,
    destroyGraceSeconds: 30,
    wait: false,
  });
  // A published port can be held by one container only.
  expect(options.deleteBeforeReplace).toBe(true);
});

test("the main configuration is activated once nginx is ready, and never taken back", async () => {
  const result = await graph({}, () => new Nginx("nginx", args()));
  const { inputs, options } = result.get(":Command", "nginx-config");
  expect(inputs).toEqual({
    ...QUIET,
    environment: {
      SCRIPT: hostScript(SERVICES, "nginx-activate.sh"),
      CONTAINER: "lunch-bot-dev-nginx",
      PIECE: "config",
      PUBLIC_NETWORK: "platform-public-auto",
      STORE,
      INSIDE: scriptText(SERVICES, "nginx-activate-inside.sh"),
    },
    stdin: `@@file nginx.conf\n${renderMainConfig(EDGE, 0.5)}`,
  });
  expect(options.dependsOn).toEqual(["Command nginx-gate", "Network platform-public", "Volume nginx-store"]);
});

test("a route is activated once its service is ready, and names every container", async () => {
  const result = await routed(2);
  const { inputs, options } = result.get(":Command", "nginx-backend");
  const route = { service: "backend", port: 8000, readinessPath: "/ready", paths: [{ path: "/api/" }] };
  const files = renderRoute(route, ["backend-container-auto", "backend-2-container-auto"]);
  expect(inputs).toMatchObject({
    delete: 'sh -c "$REVOKE_SCRIPT"',
    environment: {
      SCRIPT: hostScript(SERVICES, "nginx-activate.sh"),
      REVOKE_SCRIPT: hostScript(SERVICES, "nginx-deactivate.sh"),
      PIECE: "backend",
      STORE,
    },
  });
  expect(inputs.triggers).toBeUndefined(); // an update activates anew; a replacement would remove the route first
  expect(inputs.stdin).toBe(
    Object.entries(files)
      .map(([name, content]) => `@@file ${name}\n${content}`)
      .join(""),
  );
  expect(options.dependsOn).toEqual(
    expect.arrayContaining(["Command nginx-config", "Command backend-gate", "Command backend-2-gate"]),
  );
});

test("the services behind it do not wait for the edge, nor it for them", async () => {
  const result = await routed(1);
  expect(result.get(":Container", "backend-container").options.dependsOn).toEqual([
    "Command platform-stack-id",
    "Network platform-calls",
  ]);
  expect(result.get(":Container", "nginx-container").options.dependsOn).not.toContain("Command backend-gate");
});

test("another configuration replaces no container: it is reloaded", async () => {
  const container = async (changes: Partial<NginxArgs>) =>
    (await graph({}, () => new Nginx("nginx", args(changes)))).container("nginx-container");
  expect(await container({ edge: edgeSettings({ maxBodyMiB: 1, trustedProxies: [] }) })).toEqual(await container({}));
});

test.each([10080, 10081, 10443, 10100])(
  "a service on nginx' own port %i is refused: its name would lead past all paths",
  async (port) => {
    const { failure } = await failing({}, () => {
      const nginx = new Nginx("nginx", args({ hostPorts: { backend: 8000 } }));
      nginx.route({ service: { containers: [], ready: [] } as never, endpoint: { service: "backend", port } });
    });
    expect(failure).toContain(`backend.port: want another port than those of nginx itself, got ${port}`);
  },
);

test("an edge that does not fit together is refused, also where no schema was asked", async () => {
  const edge = edgeSettings({ httpsPort: 8443 });
  const { failure, nodes } = await failing({}, () => new Nginx("nginx", args({ edge })));
  expect(failure).toContain(
    'edge.httpsPort: want nothing, because with edge.tls.mode "external" nginx has no TLS, got 8443\n' +
      "    fix: pulumi config rm --path 'edge.httpsPort', or set edge.tls.mode to files",
  );
  expect(nodes.filter(({ type }) => type.includes("Container"))).toEqual([]);
});

test.each(["1.26.3", "1.27.3"])(
  "version %s is refused before anything is made: its reload loses requests",
  async (version) => {
    const result = await failing({}, () => new Nginx("nginx", args({ version })));
    expect(result.failure).toContain(
      'Nginx "nginx": 1 problem(s), nothing was changed\n' +
        `  images.nginxVersion: want 1.27.4 or later, where a reload loses no request, got ${version}`,
    );
    expect(result.ofType(":Container")).toEqual([]);
  },
);

test("a name or limit that no service may have is refused together with the version", async () => {
  const wrong = { version: "1.26.3", limit: { cpus: 1, memoryMiB: 1 } };
  const { failure, nodes } = await failing({}, () => new Nginx("Edge", args(wrong)));
  expect(failure).toContain('Nginx "Edge": 3 problem(s), nothing was changed\n  service: ');
  expect(nodes.filter(({ name }) => name.startsWith("Edge-"))).toEqual([]);
});

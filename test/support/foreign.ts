import { Backend, describeServices, GivenSecret, Nginx, Postgres, ServiceSummary, Worker } from "../../components";
import { edgeSettings } from "./edge";
import { engine, IMAGE, LIMIT, RUNTIME } from "./fixtures";
import { Graph, graph } from "./harness";

/** What a program of images that were made by others registers, and its `services` output. */
export interface Foreign {
  readonly graph: Graph;
  readonly services: Record<string, ServiceSummary>;
}

/** Every way in which an image that was made by others differs, behind nginx and with a real login. */
export async function foreignProgram(): Promise<Foreign> {
  let services: Foreign["services"] = {};
  const result = await graph({}, () => {
    const platform = engine();
    const common = { platform, image: IMAGE, limit: LIMIT, runtime: RUNTIME };
    const nginx = new Nginx("nginx", {
      ...{ ...common, version: "1.30.6", publicSegment: "public", callsSegment: "calls", stableNames: [] },
      edge: edgeSettings(),
    });
    const postgres = new Postgres("postgres", { ...common, segment: "data", database: "shop", owner: "shop" });
    const mail = new GivenSecret("mail", { variable: "MAIL_KEY", value: "mail-key-of-somebody" });
    const http = { ...common, segments: ["calls"], port: 8080 };
    const told = new Backend("told", {
      ...{ ...http, readinessPath: "/", uses: [postgres, mail], entrypoint: ["serve"] },
      ...{ secretsAsEnvironment: { DB: "${DATABASE_URL}?mail=${MAIL_KEY}" }, startTimeoutSeconds: 100 },
    });
    const bare = new Backend("bare", { ...http, readinessPath: "/", health: { kind: "http", from: "outside" } });
    const shy = new Backend("shy", { ...http, health: { kind: "tcp" }, tmpfs: [{ path: "/run", sizeMiB: 1 }] });
    const mute = new Worker("mute", { ...common, segments: ["data"], health: { kind: "none" } });
    for (const backend of [told, bare, shy]) nginx.route(backend, [{ path: `/${backend.service.service}/` }]);
    services = describeServices(nginx, postgres, told, bare, shy, mute);
  });
  return { graph: result, services };
}

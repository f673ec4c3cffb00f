// A system of images that were made without Dockwright in mind. The test beside this folder runs it.
import * as pulumi from "@pulumi/pulumi";

import * as dockwright from "../../../components";
import { readSettings } from "../../../settings";

const { args, docker, edge, images } = readSettings();
const { runtime } = args.nginx;
const config = new pulumi.Config("foreign");
const image = { withShell: config.require("withShell"), withoutShell: config.require("withoutShell") };

const platform = new dockwright.DockerEngine("platform", {
  docker,
  filesImage: images.files,
  segments: { public: { internal: false }, calls: { internal: true }, data: { internal: true } },
});
const nginx = new dockwright.Nginx("nginx", { platform, ...args.nginx, stableNames: [] });
const postgres = new dockwright.Postgres("postgres", {
  ...{ platform, segment: "data", ...args.postgres, urlScheme: "postgresql" },
});
const common = { platform, runtime, limit: { cpus: 0.5, memoryMiB: 64 } };

/** Reads the URL of its database from its environment, and nowhere else. */
const database = new dockwright.Backend("database-metrics", {
  ...{ ...common, image: image.withShell, uses: [postgres], segments: ["calls"] },
  entrypoint: ["prometheus-postgres-exporter"],
  command: ["--web.telemetry-path=/database/metrics"],
  secretsAsEnvironment: { DATA_SOURCE_NAME: "${DATABASE_URL}?sslmode=disable" },
  port: 9187,
  readinessPath: "/database/metrics",
  health: { kind: "command", command: "bash -c ': </dev/tcp/127.0.0.1/9187'" },
});

/** Watches the server by a login that reads statistics and no data, from the files that the exporter knows. */
const server = new dockwright.Backend("server-metrics", {
  ...{ ...common, image: image.withShell, uses: [postgres.monitoring()], segments: ["calls"] },
  command: ["--web.telemetry-path=/server/metrics"],
  port: 9187,
  readinessPath: "/server/metrics",
  health: { kind: "command", command: "bash -c ': </dev/tcp/127.0.0.1/9187'" },
});

/** One program without a shell: nothing can be executed in it. */
const alone = new dockwright.Backend("alone", {
  ...{ ...common, image: image.withoutShell, segments: ["calls"] },
  command: [config.get("flag") ?? "--web.telemetry-path=/alone/metrics"],
  port: 9187,
  readinessPath: "/alone/metrics",
  health: { kind: "http", from: "outside" },
  startTimeoutSeconds: config.getNumber("startTimeoutSeconds") ?? 30,
});

/** Serves no path that anybody promised. */
const anyAnswer = new dockwright.Backend("any-answer", {
  ...{ ...common, image: image.withoutShell, segments: ["calls"], port: 9187, health: { kind: "tcp" } },
  command: ["--web.telemetry-path=/any/metrics"],
});

/** Neither listens nor touches a heartbeat. */
const silent = new dockwright.Worker("silent", {
  ...{ ...common, image: image.withShell, segments: ["data"] },
  entrypoint: ["sleep", "infinity"],
  health: { kind: "none", settleSeconds: 1 },
});

nginx.route(database, [{ path: "/database/" }]);
nginx.route(server, [{ path: "/server/" }]);
nginx.route(alone, [{ path: "/alone/" }]);
nginx.route(anyAnswer, [{ path: "/any/" }]);

export const url = edge.publicUrl;
export const services = dockwright.describeServices(nginx, postgres, database, server, alone, anyAnswer, silent);

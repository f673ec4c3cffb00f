// Failing cases for every check that compares settings, by the place and the name of the check; `*` is one name.
import { Case } from "./cases";
import { EDGE_CASES, OWN_TLS } from "./edge-cases";

export type CheckCases = Readonly<Record<string, (name: string) => readonly Case[]>>;

const set = (path: string, value = "VALUE"): string => `    fix: pulumi config set --path '${path}' ${value}`;

const stop = (least: number, drain: number, silence: number, got: number): string =>
  `  runtime.stopGraceSeconds: want ${least} or more, the sum of runtime.drainSeconds ${drain} and ` +
  `edge.readTimeoutSeconds ${silence}, got ${got}\n` +
  `${set("runtime.stopGraceSeconds", String(least))}, or lower one of the others`;

const SHARED: CheckCases = {
  ...EDGE_CASES,
  "images: * is named": (name) => {
    const want = name === "nginxVersion" ? "the version inside images.nginx" : "an image by digest, name@sha256:…";
    const path = `images.${name}`;
    return [{ set: { [path]: undefined }, message: `  ${path}: want ${want}, got nothing\n${set(path)}` }];
  },
  "limits.*: reservation": (service) => {
    const path = `limits.${service}.memoryReservationMiB`;
    return [
      {
        set: { [`limits.${service}.memoryMiB`]: 512, [path]: 513 },
        message: `  ${path}: want at most the limit memoryMiB, got 513`,
      },
    ];
  },
  "given secret *": (name) => {
    const path = `secrets.${name}`;
    const fix = `    fix: pulumi config set --secret --path '${path}'`;
    return [{ set: { [path]: undefined }, message: `  ${path}: want a secret value, got nothing\n${fix}` }];
  },
  "stops in time": () => [
    { set: { "runtime.stopGraceSeconds": 29 }, message: stop(30, 5, 25, 29) },
    { set: { "runtime.drainSeconds": 6 }, message: stop(31, 6, 25, 30) },
    { set: { "edge.readTimeoutSeconds": 60 }, message: stop(65, 5, 60, 30) },
  ],
  "source is here": () =>
    ["ssh://deploy@203.0.113.7", "tcp://203.0.113.7:2376"].map((host) => ({
      set: { "source.mounted": true, "docker.host": host },
      message:
        `  source.mounted: want false, since the daemon at ${host} cannot see the folders of this machine, got true\n` +
        `${set("source.mounted", "false")}, or leave out docker.host`,
    })),
};

const samePort = (path: string, first: string, got: number): string =>
  `  ${path}: want a port of its own, other than ${first}, got ${got}\n${set(path, "PORT")}`;

const connections = (least: number, parts: string, got: number, lower: string): string =>
  `  database.maxConnections: want ${least} or more, in an update that is ${parts}, 5 kept back, got ${got}\n` +
  `${set("database.maxConnections", String(least))}, or lower ${lower}`;

const LUNCH_BOT: CheckCases = {
  ...SHARED,
  "ports differ": () => [
    {
      set: { ...OWN_TLS, "edge.httpPort": 80, "edge.httpsPort": 80 },
      message: samePort("edge.httpsPort", "edge.httpPort", 80),
    },
  ],
  "connections fit": () => {
    const lower = "replicas.backend, app.poolSize, app.poolOverflow";
    const parts = (backend: number, worker: number) =>
      `${backend} of backend, ${worker} of notifications-worker, 1 of migrate`;
    return [
      { set: { "replicas.backend": 4 }, message: connections(156, parts(120, 30), 100, lower) },
      { set: { "app.poolSize": 50 }, message: connections(226, parts(110, 110), 100, lower) },
      { set: { "app.poolOverflow": 40 }, message: connections(206, parts(100, 100), 100, lower) },
      { set: { "database.maxConnections": 65 }, message: connections(66, parts(30, 30), 65, lower) },
    ];
  },
};

const TASK_TRACKER: CheckCases = {
  ...SHARED,
  "ports differ": () => [
    { set: { "edge.httpsPort": 80 }, message: samePort("edge.httpsPort", "edge.httpPort", 80) },
    { set: { "hostPorts.api": 443 }, message: samePort("hostPorts.api", "edge.httpsPort", 443) },
    {
      set: { "hostPorts.api": 8000, "hostPorts.nats": 8000 },
      message: samePort("hostPorts.nats", "hostPorts.api", 8000),
    },
  ],
  "connections fit": () => {
    const lower = "replicas.api, app.workers, app.poolSize, app.poolOverflow";
    const parts = (api: number, worker: number) => `${api} of api, ${worker} of worker, 1 of migrate, 1 of reencrypt`;
    return [
      { set: { "replicas.api": 3 }, message: connections(382, parts(360, 15), 300, lower) },
      { set: { "app.workers": 5 }, message: connections(322, parts(300, 15), 300, lower) },
      { set: { "app.poolSize": 8 }, message: connections(313, parts(288, 18), 300, lower) },
      { set: { "database.maxConnections": 260 }, message: connections(262, parts(240, 15), 260, lower) },
    ];
  },
};

/** The cases of both systems. */
export const CHECK_CASES: Readonly<Record<string, CheckCases>> = {
  "lunch-bot": LUNCH_BOT,
  "task-tracker": TASK_TRACKER,
};

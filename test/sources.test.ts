// Rules of the house that can be read off the sources: who may import what, and what is public.
import * as fs from "node:fs";
import * as path from "node:path";

import * as components from "../components";
import { ROOT, SYSTEMS } from "./support/systems";

interface Source {
  /** Path from the top folder. */
  readonly file: string;
  readonly text: string;
  /** Without comments. */
  readonly code: string;
}

function sources(folder: string): Source[] {
  return fs
    .readdirSync(path.join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => read(path.join(folder, file)))
    .sort((a, b) => (a.file < b.file ? -1 : 1));
}

function read(file: string): Source {
  const text = fs.readFileSync(path.join(ROOT, file), "utf8");
  return { file, text, code: text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/^\s*\/\/.*$/gm, "") };
}

const library = sources("components");
const inEach = (name: string) => SYSTEMS.map(({ folder }) => read(path.join(folder, name)));
const programs = [...inEach("index.ts"), ...inEach("settings.ts")];
const files = (found: readonly Source[]) => found.map(({ file }) => file);
const containing = (pattern: RegExp) => files([...library, ...programs].filter(({ code }) => pattern.test(code)));

test("only the platform talks to Docker and runs commands, only secrets and names of volumes are random", () => {
  expect(containing(/from "@pulumi\/docker"/)).toEqual([
    "components/platform/container-args.ts",
    "components/platform/docker-engine.ts",
    "components/platform/files.ts",
    "components/platform/service-resources.ts",
  ]);
  expect(containing(/from "@pulumi\/command"/)).toEqual([
    "components/platform/act.ts",
    "components/platform/remember.ts",
  ]);
  expect(containing(/from "@pulumi\/random"/)).toEqual([
    "components/platform/fresh-name.ts",
    "components/platform/revision-key.ts",
    "components/secrets/given-secret.ts",
    "components/secrets/key-ring.ts",
    "components/secrets/login.ts",
  ]);
});

test("only the settings read the configuration", () => {
  expect(containing(/\bConfig\s*\(|\ballConfig\b|\bgetConfig\b/)).toEqual(["components/settings/load-settings.ts"]);
});

test("the stack's name is asked for once, for names and labels, and compared with nothing", () => {
  expect(containing(/\bgetStack\s*\(/)).toEqual(["components/platform/docker-engine.ts"]);
  expect(containing(/\bstack\b\)?\s*(===?|!==?)|(===?|!==?)\s*[\w.]*\bstack\b|switch \([\w.]*stack\)/i)).toEqual([]);
  expect(containing(/["'](dev|staging|prod)["']/)).toEqual([]);
});

test("the environment of the process decides nothing", () => {
  expect(containing(/process\.env|os\.(homedir|hostname|userInfo)/)).toEqual([]);
});

test("images are neither built nor pulled nor looked up by the program", () => {
  expect(containing(/RemoteImage|docker\.Image\b|RegistryImage|docker\.get[A-Z]/)).toEqual([]);
  expect(containing(/:latest\b/)).toEqual([]);
});

test("dependencies point one way: program → services → secrets, edge → platform → settings", () => {
  const allowed: Record<string, readonly string[]> = {
    settings: ["settings"],
    platform: ["platform", "settings"],
    edge: ["edge"],
    secrets: ["secrets", "platform", "settings"],
    services: ["services", "secrets", "edge", "platform", "settings"],
  };
  const wrong = library
    .filter(({ file }) => path.dirname(file) !== "components")
    .flatMap(({ file, code }) =>
      [...code.matchAll(/from "(\.[^"]+)"/g)].map(([, target]) => ({
        file,
        from: file.split("/")[1] ?? "",
        to: path.join(path.dirname(file), target ?? "").split("/")[1] ?? "",
      })),
    )
    .filter(({ from, to }) => !allowed[from]?.includes(to));
  expect(wrong).toEqual([]);
});

test("the edge's configuration is made of plain data: no SDK, no files", () => {
  const edge = library.filter(({ file }) => file.startsWith("components/edge/"));
  expect(edge.length).toBeGreaterThan(2);
  expect(files(edge.filter(({ code }) => /from "(@pulumi|node:)/.test(code)))).toEqual([]);
});

test("the platform knows no product, and the library no program", () => {
  const platform = library.filter(({ file }) => file.startsWith("components/platform/"));
  expect(files(platform.filter(({ code }) => /postgres|redis|kafka|nginx|nats|telegram/i.test(code)))).toEqual([]);
  expect(
    files(
      library.filter(({ code }) =>
        /lunch|gemini|task.?tracker|pulse.?radar|\.\.\/\.\.\/(settings|index|examples)/i.test(code),
      ),
    ),
  ).toEqual([]);
});

test("index.ts is composition: at most 60 lines", () => {
  const lines = ({ text }: Source) => text.trimEnd().split("\n").length;
  expect(files(inEach("index.ts").filter((source) => lines(source) > 60))).toEqual([]);
});

test("the second system knows the library by its package name alone, and nothing of the first", () => {
  const imports = sources("examples/task-tracker").flatMap(({ code }) =>
    [...code.matchAll(/from "([^"]+)"/g)].map(([, target]) => target ?? ""),
  );
  expect([...new Set(imports)].sort()).toEqual(["./settings", "dockwright", "zod"]);
  expect(fs.existsSync(path.join(ROOT, "examples", "task-tracker", "package.json"))).toBe(false);
});

test("type tokens are pinned: another one would replace what it names", () => {
  const tokens = library.flatMap(({ code }) =>
    [...code.matchAll(/(?:super\(|token: )"(dockwright:[^"]+)"/g)].map(([, token]) => token),
  );
  expect(tokens.sort()).toEqual([
    "dockwright:app:Backend",
    "dockwright:app:Frontend",
    "dockwright:app:Job",
    "dockwright:app:Migration",
    "dockwright:app:Worker",
    "dockwright:data:Postgres",
    "dockwright:data:Redis",
    "dockwright:edge:Nginx",
    "dockwright:messaging:Kafka",
    "dockwright:messaging:Nats",
    "dockwright:platform:DockerEngine",
    "dockwright:secrets:CredentialAges",
    "dockwright:secrets:EncryptionKeys",
    "dockwright:secrets:GivenSecret",
    "dockwright:secrets:JwtKeys",
    "dockwright:secrets:Login",
  ]);
});

test("every component registers its outputs last", () => {
  const incomplete = library.filter(
    ({ code }) =>
      /extends pulumi\.ComponentResource/.test(code) && !/this\.registerOutputs\([^)]*\);\n {2}\}/.test(code),
  );
  expect(files(incomplete)).toEqual([]);
});

test("the public API: values", () => {
  expect(Object.keys(components).sort()).toEqual([
    ...[
      "Backend",
      "CredentialAges",
      "DockerEngine",
      "EncryptionKeys",
      "Frontend",
      "GivenSecret",
      "Job",
      "JwtKeys",
      "Kafka",
      "Migration",
      "Nats",
    ],
    ...["Nginx", "Postgres", "Redis", "Worker", "connectionsFit", "databaseFragment", "describeServices"],
    ...["dockerFragment", "edgeChecks", "edgeFragment", "givenFragment", "givenSecretsAreThere", "hostPortsFragment"],
    ...["imagesFragment", "limitsFragment", "loadSettings", "portsDiffer", "replicasFragment", "resolveImages"],
    ...["rotationFragment", "rotationPolicyFragment", "runtimeFragment", "secretsFragment", "sourceFragment"],
    ...["sourceIsHere", "stopsInTime", "withChecks"],
  ]);
});

test("the public API: types", () => {
  const { code } = read("components/index.ts");
  const named = [...code.matchAll(/export (type )?\{([^}]*)\}/g)].flatMap(([, all, names]) =>
    (names ?? "").split(",").map((name) => ({ type: all !== undefined || /^\s*type /.test(name), name: name.trim() })),
  );
  expect(named.filter(({ type }) => type).map(({ name }) => name.replace("type ", ""))).toEqual([
    ...["EdgeSettings", "RateLimit", "TlsSettings", "Route", "RoutePath", "WebSocketPath", "DaemonRecord"],
    ...["DockerEngineArgs", "Segment", "Labels", "Role", "RenderedService", "ServiceTransforms", "Exemptions"],
    ...["ExemptRule"],
    ...["PublishedPort", "Tmpfs", "Transform", "Bindable", "Binding", "Consumer", "CredentialAge"],
    ...["CredentialAgesArgs", "EncryptionKeysArgs", "GivenSecretArgs", "JwtKeysArgs", "KeyRingArgs", "SourceCode"],
    ...["Waitable", "RuntimeSettings", "CommandHealth", "HealthCheck", "HttpHealth", "NoHealthCheck", "TcpHealth"],
    ...["HttpServiceArgs", "ServiceSummary", "Variant", "JobArgs", "KafkaArgs", "MigrationArgs", "NatsArgs"],
    ...["NatsAccess"],
    ...["Endpoint", "NginxArgs", "MonitoringArgs", "PostgresArgs", "Publication", "RedisArgs"],
    ...["RedisAccess", "SecretTemplates"],
    ...["WorkerArgs"],
  ]);
});

test("every optional argument says its default", () => {
  const silent = library
    .filter(({ file }) => !file.includes("/settings/"))
    .flatMap(({ file, text }) =>
      [...text.matchAll(/(\/\*\*(?:(?!\*\/)[\s\S])*\*\/)?\s*\n {2}readonly (\w+)\?:/g)]
        .filter(([, doc]) => !doc?.includes("@default"))
        .map(([, , field]) => `${file} ${field ?? ""}`),
    );
  expect(silent).toEqual([]);
});

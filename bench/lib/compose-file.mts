// The same services as a Compose project: a file made from what runs under Dockwright, secrets and configuration beside it.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { stringify } from "yaml";
import { products } from "./compose-products.mts";
import { type ComposeService, composeService, dataName } from "./compose-service.mts";
import { imageEnvironment, inspectProject, internalNetworks } from "./inspected.mts";

const HEALTHY = "service_healthy";
const COMPLETED = "service_completed_successfully";

/** The order of Lunch Bot's hand-written file, and the migration before whatever needs its tables. */
const LUNCH_BOT_ORDER: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  migrate: { postgres: HEALTHY },
  backend: { postgres: HEALTHY, redis: HEALTHY, kafka: HEALTHY, migrate: COMPLETED },
  frontend: { backend: HEALTHY },
  "telegram-bot": { backend: HEALTHY, kafka: HEALTHY },
  "notifications-worker": { backend: HEALTHY, kafka: HEALTHY },
  "recommendations-worker": { backend: HEALTHY, kafka: HEALTHY },
  nginx: { backend: HEALTHY, frontend: HEALTHY },
};

export interface ComposeFile {
  readonly services: Record<string, ComposeService>;
  readonly networks: Record<string, { internal: boolean }>;
  readonly volumes: Record<string, null>;
  readonly secrets: Record<string, { file: string }>;
}

/** Writes the Compose project of Lunch Bot as it runs in the given Dockwright project. */
export function writeLunchBot(project: string, folder: string): void {
  const { services, networks } = plainServices(project);
  const { secrets, config, edits } = products(inspectProject(project));
  for (const [name, service] of Object.entries(services)) {
    const edited = edits[name]?.(service) ?? service;
    const order = Object.entries(LUNCH_BOT_ORDER[name] ?? {}).map(([on, condition]) => [on, { condition }] as const);
    services[name] = { ...edited, ...(order.length > 0 && { depends_on: Object.fromEntries(order) }) };
  }
  rmSync(folder, { recursive: true, force: true });
  for (const [name, content] of Object.entries(secrets)) write(join(folder, "secrets", name), content);
  for (const [service, files] of Object.entries(config)) {
    for (const [name, content] of Object.entries(files)) write(join(folder, "config", service, name), content);
  }
  writeFile(folder, {
    services,
    networks,
    volumes: dataVolumes(services),
    secrets: Object.fromEntries(Object.keys(secrets).map((name) => [name, { file: `./secrets/${name}` }])),
  });
}

/** Writes a Compose project of services that need nothing but themselves. */
export function writePlain(project: string, folder: string): void {
  const { services, networks } = plainServices(project);
  rmSync(folder, { recursive: true, force: true });
  writeFile(folder, { services, networks, volumes: {}, secrets: {} });
}

function plainServices(project: string): Pick<ComposeFile, "services" | "networks"> {
  const internal = internalNetworks(project);
  const segments = new Map([...internal.keys()].map((name) => [name, segmentOf(name)]));
  const network = (name: string): string => segments.get(name) ?? "default";
  const services = [...inspectProject(project)].map(([name, container]) => {
    return [name, composeService(container, { network, imageEnvironment: imageEnvironment(container.Image) })] as const;
  });
  const networks = [...internal].map(([name, isInternal]) => [network(name), { internal: isInternal }] as const);
  return { services: Object.fromEntries(services), networks: Object.fromEntries(networks) };
}

/** `<project>-<stack>-platform-<segment>-<random>` */
function segmentOf(network: string): string {
  return /-platform-(.+)-[0-9a-f]{6}$/.exec(network)?.[1] ?? network;
}

function dataVolumes(services: Readonly<Record<string, ComposeService>>): Record<string, null> {
  const named = Object.values(services)
    .flatMap(({ volumes = [] }) => volumes)
    .filter((volume) => !volume.startsWith("."))
    .map((volume) => dataName(volume.split(":")[0]));
  return Object.fromEntries(named.map((name) => [name, null]));
}

function writeFile(folder: string, file: ComposeFile): void {
  write(join(folder, "compose.yaml"), stringify(file, { lineWidth: 0, aliasDuplicateObjects: false }));
}

function write(path: string, content: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content, { mode: 0o644 }); // the containers' users read them
}

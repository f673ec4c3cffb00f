// Logins on a stack's servers that its state knows nothing of: of updates that were cut off, of a volume with a past. And
// logins that the state knows and the server does not: its data volume was made anew or restored under a living state.
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { lines } from "./run.mts";

interface Resource {
  readonly urn: string;
  readonly type: string;
  readonly parent?: string;
  /** Whether it is replaced already and only waits to be deleted. */
  readonly delete?: boolean;
  readonly inputs?: Readonly<Record<string, unknown>>;
}

/** A server on which a stack has logins; the acts that made them say how they are listed and revoked. */
export interface LoginServer {
  /** Environment of its acts: LIST_SCRIPT, REVOKE_SCRIPT, CONTAINER, SERVICE, … */
  readonly environment: Readonly<Record<string, string>>;
  /** Names of the logins that the state knows. */
  readonly known: ReadonlySet<string>;
  /** The logins in use, each with the URN of the random text that it is made of: replacing that makes a new login. */
  readonly sources: ReadonlyMap<string, string>;
  /** URNs of acts that made the server ready for logins. */
  readonly preparations: readonly string[];
}

/** A server that does not know logins of the state. */
export interface Lost {
  readonly service: string;
  readonly logins: readonly string[];
  /** What to replace for them to be made anew. */
  readonly urns: readonly string[];
}

/** What was found on one server. */
export interface Strays {
  readonly service: string;
  /** Logins of this stack's making, revoked now. */
  readonly revoked: readonly string[];
  /** Logins of somebody else's making: they still work. */
  readonly others: readonly string[];
  /** Why nothing is known of it. */
  readonly trouble?: string;
}

const LOGIN_TIMEOUT_MS = 30_000;

/** A resource with an environment: an act. */
interface Act extends Resource {
  readonly environment: Readonly<Record<string, string>>;
}

function actsAmong(resources: readonly Resource[]): Act[] {
  return resources.flatMap((resource) => {
    const environment = resource.inputs?.["environment"] as Record<string, string> | undefined;
    return environment ? [{ ...resource, environment }] : [];
  });
}

const isLogin = ({ environment: { LIST_SCRIPT, LOGIN } }: Act): boolean =>
  LIST_SCRIPT !== undefined && LOGIN !== undefined;

/** The servers, by the acts of their logins. */
export function recordedServers(resources: readonly Resource[]): LoginServer[] {
  const acts = actsAmong(resources);
  const containers = new Set(acts.filter(isLogin).map(({ environment }) => environment["CONTAINER"]));
  return [...containers].flatMap((container) => {
    const all = acts.filter(({ environment }) => environment["CONTAINER"] === container);
    const logins = all.filter(isLogin);
    const environment = logins.find((each) => each.environment["REVOKE_SCRIPT"] !== undefined)?.environment;
    if (!environment) return [];
    const known = new Set(logins.map((each) => each.environment["LOGIN"] ?? ""));
    const preparations = all.filter((each) => !isLogin(each) && !each.delete).map(({ urn }) => urn);
    return [{ environment, known, preparations, sources: sourcesOf(logins, resources) }];
  });
}

/** A login and the random text that it is made of have one parent. */
function sourcesOf(logins: readonly Act[], resources: readonly Resource[]): Map<string, string> {
  const texts = resources.filter((each) => each.type === "random:index/randomPassword:RandomPassword" && !each.delete);
  const sources = new Map<string, string>();
  for (const { parent, environment, delete: goes } of logins) {
    const source = goes ? undefined : texts.find((text) => text.parent !== undefined && text.parent === parent);
    if (source) sources.set(environment["LOGIN"] ?? "", source.urn);
  }
  return sources;
}

/** Names of a list whose lines are `ours NAME` of logins that bear the mark of this library, and `other NAME` of the rest. */
function named(list: readonly string[], whose: "ours" | "other"): string[] {
  return list.filter((line) => line.startsWith(`${whose} `)).map((line) => line.slice(whose.length + 1));
}

async function act(script: string, environment: Readonly<Record<string, string>>): Promise<string> {
  const env = { ...process.env, ...environment };
  const { stdout } = await promisify(execFile)("sh", ["-c", script], { env, timeout: LOGIN_TIMEOUT_MS });
  return stdout;
}

/** What a script said last, or how it ended. */
function troubleOf(error: unknown): string {
  const { stderr = "", killed = false, code } = error as { stderr?: string; killed?: boolean; code?: unknown };
  const end = killed ? `no answer within ${LOGIN_TIMEOUT_MS / 1000} s` : `exit code ${String(code)}`;
  return lines(stderr).at(-1) ?? end;
}

async function revokeOn({ environment, known }: LoginServer): Promise<Strays> {
  const { LIST_SCRIPT = "", REVOKE_SCRIPT = "", SERVICE: service = "" } = environment;
  const revoked: string[] = [];
  try {
    const list = lines(await act(LIST_SCRIPT, environment));
    const unknown = (login: string) => !known.has(login);
    for (const login of named(list, "ours").filter(unknown)) {
      await act(REVOKE_SCRIPT, { ...environment, LOGIN: login });
      revoked.push(login);
    }
    return { service, revoked, others: named(list, "other").filter(unknown) };
  } catch (error) {
    return { service, revoked, others: [], trouble: troubleOf(error) };
  }
}

/** After an update that went through: whoever the state does not know has nobody left that uses it. */
export function revokeStrays(servers: readonly LoginServer[]): Promise<Strays[]> {
  return Promise.all(servers.map(revokeOn));
}

/** A line for each thing worth telling. */
export function describeStrays(found: readonly Strays[]): string[] {
  return found.flatMap(({ service, revoked, others, trouble }) => [
    ...(revoked.length > 0 ? [`${service}: revoked logins that the state does not know: ${revoked.join(", ")}`] : []),
    ...(others.length > 0 ? [`${service}: logins that this stack did not make still work: ${others.join(", ")}`] : []),
    ...(trouble === undefined ? [] : [`${service}: its logins could not be looked through: ${trouble}`]),
  ]);
}

/** A server that starts knows nobody yet. One that is not healthy may be so for what it does not know. */
async function hasStarted({ CONTAINER = "" }: Readonly<Record<string, string>>): Promise<boolean> {
  const format = "{{if .State.Health}}{{.State.Health.Status}}{{end}}";
  const args = ["inspect", "--type", "container", "--format", format, CONTAINER];
  return promisify(execFile)("docker", args, { timeout: LOGIN_TIMEOUT_MS }).then(
    ({ stdout }) => ["healthy", "unhealthy"].includes(stdout.trim()),
    () => false,
  );
}

async function lostOn({ environment, sources, preparations }: LoginServer): Promise<Lost[]> {
  if (sources.size === 0 || !(await hasStarted(environment))) return [];
  const list = await act(environment["LIST_SCRIPT"] ?? "", environment).then(lines, () => undefined);
  // An earlier version printed names alone: such a list does not say that one is missing.
  if (!list?.every((line) => /^(ours|other) /.test(line))) return [];
  const there = new Set([...named(list, "ours"), ...named(list, "other")]);
  const logins = [...sources.keys()].filter((login) => !there.has(login));
  if (logins.length === 0) return [];
  const urns = logins.map((login) => sources.get(login) ?? "");
  return [{ service: environment["SERVICE"] ?? "", logins, urns: [...preparations, ...urns] }];
}

/** What servers that run do not know of what the state says they know; of others nothing is said. */
export async function lostLogins(servers: readonly LoginServer[]): Promise<Lost[]> {
  return (await Promise.all(servers.map(lostOn))).flat();
}

/** A line for each server. */
export function describeLost(lost: readonly Lost[]): string[] {
  return lost.map(
    ({ service, logins }) => `${service} does not know ${logins.join(", ")}: its data is not what it was`,
  );
}

/** Arguments of an update that makes them anew. */
export function remaking(lost: readonly Lost[]): string[] {
  return [...new Set(lost.flatMap(({ urns }) => urns))].flatMap((urn) => ["--replace", urn]);
}

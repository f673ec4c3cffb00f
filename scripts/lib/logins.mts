// Logins on a stack's servers that its state knows nothing of: of updates that were cut off, of a volume with a past.
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { lines } from "./run.mts";

interface Resource {
  readonly type: string;
  readonly inputs?: Readonly<Record<string, unknown>>;
}

/** A server on which a stack has logins; the acts that made them say how they are listed and revoked. */
export interface LoginServer {
  /** Environment of its acts: LIST_SCRIPT, REVOKE_SCRIPT, CONTAINER, SERVICE, … */
  readonly environment: Readonly<Record<string, string>>;
  /** Names of the logins that the state knows. */
  readonly known: ReadonlySet<string>;
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

/** The servers, by the acts of their logins. */
export function recordedServers(resources: readonly Resource[]): LoginServer[] {
  const acts = resources
    .map(({ inputs }) => inputs?.["environment"] as Record<string, string> | undefined)
    .filter((environment) => environment?.["LIST_SCRIPT"] !== undefined && environment["LOGIN"] !== undefined);
  const containers = new Set(acts.map((environment) => environment?.["CONTAINER"]));
  return [...containers].flatMap((container) => {
    const own = acts.filter((environment) => environment?.["CONTAINER"] === container);
    const environment = own.find((each) => each?.["REVOKE_SCRIPT"] !== undefined);
    return environment ? [{ environment, known: new Set(own.map((each) => each?.["LOGIN"] ?? "")) }] : [];
  });
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

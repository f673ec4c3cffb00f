import * as pulumi from "@pulumi/pulumi";

import { Bindable, Binding, DockerEngine } from "../../components";
import { hostScript, scriptText } from "../../components/platform/script";
import { loginEnvironment } from "../../components/services/backing-service";
import { engine, IMAGE, LIMIT, RUNTIME } from "./fixtures";
import { Graph, graph, STACK_ID } from "./harness";
import { ROOT } from "./systems";

const SERVICES = `${ROOT}/components/services`;

const SESSION = "postgres-session.sh";

/** What brings the roles of a Postgres server into shape. */
export const ROLES_SCRIPT = hostScript(SERVICES, SESSION, "postgres-adopt.sh", "postgres-roles.sh");

/** The scripts of Postgres' logins. */
export const POSTGRES_LOGIN_SCRIPTS = {
  SCRIPT: hostScript(SERVICES, SESSION, "postgres-login.sh"),
  REVOKE_SCRIPT: hostScript(SERVICES, SESSION, "postgres-revoke.sh"),
  LIST_SCRIPT: scriptText(SERVICES, SESSION, "postgres-list.sh"),
};

/** What administers Redis, in front of its scripts. */
const sessions = (server: string) => (server === "redis" ? ["redis-session.sh"] : []);

/** The scripts of logins on a server that keeps a list of them, and where it lies. */
export function markedLoginScripts(server: string, dataPath: string) {
  return {
    SCRIPT: hostScript(SERVICES, "login-marks.sh", ...sessions(server), `${server}-login.sh`),
    REVOKE_SCRIPT: hostScript(SERVICES, ...sessions(server), `${server}-revoke.sh`),
    LIST_SCRIPT: scriptText(SERVICES, "login-marks.sh", ...sessions(server), `${server}-list.sh`),
    MARKS_FILE: `${dataPath}/dockwright-logins`,
  };
}

/** Arguments that every server needs. */
export const serverArgs = (platform: DockerEngine) => ({
  platform,
  image: IMAGE,
  limit: LIMIT,
  runtime: RUNTIME,
  segment: "data",
});

/** A server and what one consumer gets from it. */
export interface Bound {
  readonly result: Graph;
  readonly binding: Binding;
  /** Contents of the binding's files. */
  readonly files: Record<string, string>;
}

/** Creates a server and binds service `my-api` to it. */
export async function bound(make: (platform: DockerEngine) => Bindable & pulumi.Resource): Promise<Bound> {
  let binding: Binding | undefined;
  const files: Record<string, string> = {};
  const result = await graph({}, () => {
    const platform = engine();
    binding = make(platform).bind({ service: "my-api", parent: platform });
    for (const [name, content] of Object.entries(binding.files)) {
      pulumi.output(content).apply((text) => (files[name] = text));
    }
  });
  return { result, binding: binding as Binding, files };
}

/** The parameters every login script gets, as {@link loginEnvironment} makes them for stack dev. */
export function loginParameters(name: string, user: string): Record<keyof ReturnType<typeof loginEnvironment>, string> {
  return {
    CONTAINER: `lunch-bot-dev-${name}`,
    SERVICE: name,
    PROJECT: "lunch-bot",
    STACK: "dev",
    STACK_ID,
    IMAGE,
    USER_ID: user,
    NETWORK: "platform-data-auto",
  };
}

/** A binding as a consumer of something that is there already. */
export function ready(changes: Partial<Binding> = {}): Bindable {
  return { bind: () => ({ credential: "token", files: { TOKEN: "t" }, ...changes }) };
}

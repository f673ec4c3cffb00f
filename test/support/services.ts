import * as pulumi from "@pulumi/pulumi";

import { Bindable, Binding, DockerEngine } from "../../components";
import { hostScript, scriptText } from "../../components/platform/script";
import { loginEnvironment } from "../../components/services/backing-service";
import { engine, IMAGE, LIMIT, RUNTIME } from "./fixtures";
import { Graph, graph } from "./harness";
import { ROOT } from "./systems";

const SERVICES = `${ROOT}/components/services`;

/** What brings the roles of a Postgres server into shape: two scripts that run as one. */
export const ROLES_SCRIPT = `${hostScript(SERVICES, "postgres-adopt.sh")}\n${scriptText(SERVICES, "postgres-roles.sh")}`;

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
    IMAGE,
    USER_ID: user,
    NETWORK: "platform-data-auto",
  };
}

/** A binding as a consumer of something that is there already. */
export function ready(changes: Partial<Binding> = {}): Bindable {
  return { bind: () => ({ credential: "token", files: { TOKEN: "t" }, revision: "r1", ...changes }) };
}

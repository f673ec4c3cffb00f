import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

import { act, ActArgs } from "../platform/act";
import { DockerEngine } from "../platform/docker-engine";
import { Binding } from "./binding";
import { nameLogin } from "./login-name";

/** A server on which logins are made, as plain data and scripts. */
export interface LoginServer {
  readonly platform: DockerEngine;
  /** Name of the credential, for example `database`. */
  readonly credential: string;
  /** First part of every login's name. */
  readonly userPrefix: string;
  /** Characters of a name that the server takes. @default any number */
  readonly longestName?: number;
  /** Makes the login `LOGIN` from standard input, marks it on the server as made here, and proves it; idempotent. */
  readonly applyScript: string;
  /** Takes the login `LOGIN` back and ends its sessions; needs nothing of it but its name. */
  readonly revokeScript: string;
  /** Prints all who can log in but for the server's own: `ours NAME` of those that are marked, `other NAME` of the rest. */
  readonly listScript: string;
  /** Parameters of the three scripts. */
  readonly environment: Readonly<Record<string, pulumi.Input<string>>>;
  /** Further parameters of the apply script that follow from a login's name. @default none */
  readonly parametersOf?: (username: pulumi.Output<string>) => Record<string, pulumi.Input<string>>;
  /** What the apply script reads on standard input. @default the password in one line */
  readonly standardInput?: (username: string, password: string) => string;
  /** The server's container, and whatever else there is of it: a login is taken back before they go. */
  readonly containers: readonly pulumi.Resource[];
  /** The server is ready for administration once these exist. */
  readonly ready: readonly pulumi.Resource[];
}

export interface LoginArgs {
  readonly server: LoginServer;
  /** Service the login is for. */
  readonly service: string;
  /** Raising it makes a new login, moves its consumer and revokes this one; so does any other change. */
  readonly generation: number;
  /** Whether the service starts without waiting for the login. @default false */
  readonly startsWithout?: boolean | undefined;
}

/** One random text holds both: its first characters are public and tell nothing of the others. */
const REVISION_LENGTH = 8;
const PASSWORD_LENGTH = 32;

/** The script of an act that exists only to be taken back. */
const NOTHING = ":";

/**
 * One login of one service in one generation. Its name is never used again, so any jump or way back is safe; the engine
 * revokes it after the last container that used it is gone, because deletions run in reverse order of dependency.
 */
export class Login extends pulumi.ComponentResource {
  readonly username: pulumi.Output<string>;
  /** Always a secret. */
  readonly password: pulumi.Output<string>;
  /** Changes with every generation. */
  readonly revision: pulumi.Output<string>;
  /** What its consumer waits for: the server has accepted the login over the network. */
  readonly order: Required<Pick<Binding, "dependsOn" | "beforeGate">>;

  constructor(name: string, args: LoginArgs, opts?: pulumi.ComponentResourceOptions) {
    super("dockwright:secrets:Login", name, {}, opts);
    const { server, service } = args;
    const keepers = { generation: String(args.generation) };
    const { result } = new random.RandomPassword(
      `${name}-secret`,
      { length: REVISION_LENGTH + PASSWORD_LENGTH, special: false, upper: false, keepers },
      { parent: this },
    );
    const { userPrefix: prefix, longestName: longest } = server;
    const named = pulumi
      .unsecret(result.apply((characters) => characters.slice(0, REVISION_LENGTH)))
      .apply((revision) => nameLogin({ prefix, service, revision, longest }));
    this.username = named.username;
    this.revision = named.revision;
    this.password = result.apply((characters) => characters.slice(REVISION_LENGTH));
    this.order = args.startsWithout ? this.applyBeside(name, server) : this.applyBefore(name, server);
    this.registerOutputs({ username: this.username, revision: this.revision });
  }

  /** One act makes the login and takes it back; the consumer comes after it and goes before. */
  private applyBefore(name: string, server: LoginServer): Login["order"] {
    return { dependsOn: [this.apply(name, server, { revoke: server.revokeScript })], beforeGate: [] };
  }

  /**
   * Two acts: the consumer starts beside the one that makes the login, and still goes before the one that takes it back,
   * because deletions run in reverse order of dependency.
   */
  private applyBeside(name: string, server: LoginServer): Login["order"] {
    const revocation = act(
      server.platform,
      `${name}-revocation`,
      { script: NOTHING, revoke: server.revokeScript, ...this.identity(server) },
      { parent: this, dependsOn: [...server.containers] },
    );
    return { dependsOn: [revocation], beforeGate: [this.apply(name, server, {})] };
  }

  private apply(name: string, server: LoginServer, revoke: Pick<ActArgs, "revoke">): pulumi.Resource {
    const { standardInput = (_, secret) => `${secret}\n` } = server;
    const stdin = pulumi
      .all([this.username, this.password])
      .apply(([username, password]) => standardInput(username, password));
    return act(
      server.platform,
      `${name}-login`,
      { script: server.applyScript, ...revoke, stdin, ...this.identity(server) },
      { parent: this, dependsOn: [...server.ready] },
    );
  }

  private identity(server: LoginServer): Pick<ActArgs, "environment" | "triggers"> {
    return {
      environment: {
        ...server.environment,
        ...server.parametersOf?.(this.username),
        LOGIN: this.username,
        // With it `./dev` finds and revokes logins that the state knows nothing of.
        LIST_SCRIPT: server.listScript,
      },
      triggers: [this.revision],
    };
  }
}

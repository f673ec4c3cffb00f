import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

import { act } from "../platform/act";
import { DockerEngine } from "../platform/docker-engine";

/** A server on which logins are made, as plain data and scripts. */
export interface LoginServer {
  readonly platform: DockerEngine;
  /** Name of the credential, for example `database`. */
  readonly credential: string;
  /** First part of every login's name. */
  readonly userPrefix: string;
  /** Makes the login `LOGIN` with the password on standard input and proves it; idempotent. */
  readonly applyScript: string;
  /** Takes the login `LOGIN` back and ends its sessions. */
  readonly revokeScript: string;
  /** Parameters of both scripts. */
  readonly environment: Readonly<Record<string, pulumi.Input<string>>>;
  /** The server is ready for administration once these exist. */
  readonly ready: readonly pulumi.Resource[];
}

export interface LoginArgs {
  readonly server: LoginServer;
  /** Service the login is for. */
  readonly service: string;
  /** Raising it makes a new login, moves its consumer and revokes this one; so does any other change. */
  readonly generation: number;
}

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
  /** Exists once the server has accepted the login over the network. */
  readonly applied: pulumi.Resource;

  constructor(name: string, args: LoginArgs, opts?: pulumi.ComponentResourceOptions) {
    super("dockwright:secrets:Login", name, {}, opts);
    const { server, service } = args;
    const keepers = { generation: String(args.generation) };
    const id = new random.RandomId(`${name}-id`, { byteLength: 4, keepers }, { parent: this });
    const password = new random.RandomPassword(
      `${name}-password`,
      { length: 32, special: false, keepers },
      { parent: this },
    );
    this.revision = id.hex;
    this.username = pulumi.interpolate`${server.userPrefix}_${service.replaceAll("-", "_")}_${id.hex}`;
    this.password = password.result;
    this.applied = act(
      server.platform,
      `${name}-login`,
      {
        script: server.applyScript,
        revoke: server.revokeScript,
        environment: { ...server.environment, LOGIN: this.username },
        stdin: pulumi.interpolate`${this.password}\n`,
        triggers: [id.hex],
      },
      { parent: this, dependsOn: [...server.ready] },
    );
    this.registerOutputs({ username: this.username, revision: this.revision });
  }
}

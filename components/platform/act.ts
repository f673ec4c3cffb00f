import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";

import { DockerEngine } from "./docker-engine";

/** A script that acts on a running server, by `docker exec -i` or a probe container. */
export interface ActArgs {
  /** Runs on create and on every change; must be idempotent. */
  readonly script: string;
  /** Runs when the act is taken back; only where something is to be revoked. @default nothing */
  readonly revoke?: string;
  /** Plain parameters. */
  readonly environment: Readonly<Record<string, pulumi.Input<string>>>;
  /** Secret parameters; never in arguments or environment. @default nothing */
  readonly stdin?: pulumi.Input<string>;
  /** A change runs the act anew (and revokes the old one, where it can be revoked). @default none */
  readonly triggers?: pulumi.Input<string>[];
}

/** The scripts travel as variables: a failing command is quoted in full above its own words. */
const RUN_SCRIPT = 'sh -c "$SCRIPT"';
const RUN_REVOKE_SCRIPT = 'sh -c "$REVOKE_SCRIPT"';

/** The one primitive for acts on running servers: its output stays out of logs, its input out of process lists. */
export function act(
  platform: DockerEngine,
  name: string,
  args: ActArgs,
  opts: pulumi.CustomResourceOptions,
): command.local.Command {
  return new command.local.Command(
    name,
    {
      create: RUN_SCRIPT,
      update: RUN_SCRIPT,
      ...(args.revoke && { delete: RUN_REVOKE_SCRIPT }),
      environment: {
        ...platform.commandEnvironment,
        ...args.environment,
        SCRIPT: args.script,
        ...(args.revoke && { REVOKE_SCRIPT: args.revoke }),
      },
      ...(args.stdin !== undefined && { stdin: args.stdin }),
      ...(args.triggers && { triggers: args.triggers }),
      logging: command.local.Logging.None,
      addPreviousOutputInEnv: false,
    },
    { deleteBeforeReplace: false, ...opts },
  );
}

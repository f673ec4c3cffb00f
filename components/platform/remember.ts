import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";

const RUN_SCRIPT = 'sh -c "$SCRIPT"';

/**
 * Runs a script on create and whenever its parameters change; what it prints travels with the state, and the next time
 * it finds that in PULUMI_COMMAND_STDOUT. So a stack remembers what no program can know. Mocks in a program's own tests
 * print nothing.
 */
export function remember(
  name: string,
  script: string,
  environment: Readonly<Record<string, pulumi.Input<string>>>,
  opts: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  const { stdout } = new command.local.Command(
    name,
    {
      create: RUN_SCRIPT,
      update: RUN_SCRIPT,
      environment: { ...environment, SCRIPT: script },
      logging: command.local.Logging.None,
      addPreviousOutputInEnv: true,
    },
    opts,
  );
  return stdout.apply((text: string | undefined) => text ?? "");
}

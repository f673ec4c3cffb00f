import * as pulumi from "@pulumi/pulumi";

/**
 * A last-resort edit of a child resource: change the final arguments or options in place.
 * It returns nothing; returning a copy does not compile, since a copy would be ignored.
 */
export type Transform<Args> = (args: Args, opts: pulumi.CustomResourceOptions, name: string) => undefined;

/** Applies a transform, where there is one, to copies of arguments and options. */
export function transformed<Args extends object>(
  transform: Transform<Args> | undefined,
  name: string,
  args: Args,
  opts: pulumi.CustomResourceOptions,
): [string, Args, pulumi.CustomResourceOptions] {
  const finalArgs = { ...args };
  const finalOpts = { ...opts };
  transform?.(finalArgs, finalOpts, name);
  return [name, finalArgs, finalOpts];
}

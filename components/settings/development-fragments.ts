import { z } from "zod";

import { Check } from "./checks";
import { dockerFragment } from "./fragments";
import { sameField } from "./same-field";

/** `source`: whether development runs the code of this machine. */
export const sourceFragment = () =>
  z
    .strictObject({
      mounted: z
        .boolean()
        .default(false)
        .meta({
          description: "Run the source of this machine, and start anew when a file is saved; for development.",
          examples: [true],
        }),
    })
    .prefault({});

const hostPort = () =>
  z
    .int()
    .min(1)
    .max(65535)
    .optional()
    .meta({
      description: "Port on the loopback address of the host, to reach the service past nginx; for development.",
      examples: [5555],
    });

/** `hostPorts`: ports on the host's loopback address that lead to one service each; for development. */
export function hostPortsFragment<Service extends string>(services: readonly Service[]) {
  return z.strictObject(sameField(services, hostPort)).prefault({} as never);
}

/** What {@link sourceIsHere} looks at. */
export interface SourceSettings {
  /** Which daemon is used. */
  readonly docker: Pick<z.output<ReturnType<typeof dockerFragment>>, "host">;
  /** Whether the source of this machine is mounted. */
  readonly source: Pick<z.output<ReturnType<typeof sourceFragment>>, "mounted">;
}

/** The rule that only a daemon of this machine is asked to mount its folders. */
export function sourceIsHere(): Check<SourceSettings> {
  const path = "source.mounted";
  return {
    name: "source is here",
    reads: [path, "docker.host"],
    violations: ({ docker: { host = "unix://" }, source }) => {
      if (!source.mounted || /^(unix|npipe):/.test(host)) return [];
      const want = `false, since the daemon at ${host} cannot see the folders of this machine`;
      return [{ path, want, fix: `pulumi config set --path '${path}' false, or leave out docker.host` }];
    },
  };
}

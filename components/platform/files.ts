import { createHash } from "node:crypto";

import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";

import { hardening, limits, logging } from "./container-args";
import { DockerEngine } from "./docker-engine";
import { freshName } from "./fresh-name";
import { KEEPS_LABELS, labelList } from "./labels";

/** Where a helper mounts the volume it fills. */
const HELPER_PATH = "/files";

/** A file on an immutable volume. */
export interface VolumeFile {
  readonly name: string;
  readonly content: pulumi.Input<string>;
}

export interface FilesArgs {
  /** Service the files belong to. */
  readonly service: string;
  /** What they are for: `config`, or the name of a credential. */
  readonly purpose: string;
  readonly role: "config" | "secret";
  readonly files: readonly VolumeFile[];
  /** Numeric `uid:gid` that owns the files. */
  readonly owner: string;
  /** Permissions, for example `0400`. */
  readonly permissions: string;
  /** Changes whenever the content does, and with it the volume: none is ever written twice. */
  readonly revision: pulumi.Input<string>;
}

/** A volume whose files are in place once `ready` exists. */
export interface FilledVolume {
  readonly name: pulumi.Output<string>;
  readonly ready: pulumi.Resource;
}

/**
 * Puts files onto a fresh volume by way of a stopped helper container, which works on a remote daemon, needs no
 * mount of the host, and leaves nothing in `docker inspect`.
 */
export function filledVolume(
  platform: DockerEngine,
  name: string,
  args: FilesArgs,
  opts: pulumi.CustomResourceOptions,
): FilledVolume {
  const common = { ...opts, provider: platform.provider, deleteBeforeReplace: false, ignoreChanges: [KEEPS_LABELS] };
  const volume = new docker.Volume(
    `${name}-volume`,
    {
      name: freshName(platform, `${name}-volume`, args, opts.parent),
      labels: labelList(platform.labels(args.service, args.role)),
    },
    common,
  );
  const helper = new docker.Container(`${name}-files`, helperArgs(platform, args, volume), common);
  return { name: volume.name, ready: helper };
}

/** Files whose content is plain: the revision is a hash of the content. A service with several has a purpose for each. */
export function configVolume(
  platform: DockerEngine,
  name: string,
  service: string,
  files: Readonly<Record<string, string>>,
  opts: pulumi.CustomResourceOptions,
  purpose = "config",
): FilledVolume {
  return filledVolume(
    platform,
    name,
    {
      service,
      purpose,
      role: "config",
      files: Object.entries(files).map(([file, content]) => ({ name: file, content })),
      owner: "0:0",
      permissions: "0444",
      revision: contentHash(JSON.stringify(files)),
    },
    opts,
  );
}

/** A short name for a content. */
export function contentHash(content: string): string {
  return createHash("sha256").update(content).digest("hex").slice(0, 8);
}

function helperArgs(platform: DockerEngine, args: FilesArgs, volume: docker.Volume): docker.ContainerArgs {
  const [owner, group] = args.owner.split(":");
  return {
    image: platform.filesImage,
    command: ["true"],
    start: false,
    mustRun: false,
    restart: "no",
    networkMode: "none",
    labels: labelList(platform.labels(args.service, "files")),
    volumes: [{ volumeName: volume.name, containerPath: HELPER_PATH }],
    uploads: args.files.map((file) => ({
      file: `${HELPER_PATH}/${file.name}`,
      content: file.content,
      owner: owner ?? "0",
      group: group ?? "0",
      permissions: args.permissions,
    })),
    ...hardening(),
    ...limits({ cpus: 0.1, memoryMiB: 16 }),
    ...logging(),
  };
}

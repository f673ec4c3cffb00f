import * as pulumi from "@pulumi/pulumi";

import { DockerEngine } from "../platform/docker-engine";
import { filledVolume, VolumeFile } from "../platform/files";
import { Mount } from "../platform/service-spec";
import { Binding } from "./binding";

/** Folder of a container's secrets. */
const SECRETS_FOLDER = "/run/secrets";

/** Of each file: its owner reads it, and nobody else. */
const PERMISSIONS = "0400";

/** How a consumer's spec names its secrets. */
export interface SecretFiles {
  /** Where each file is found, by the variable that it stands for. */
  readonly files: Record<string, string>;
  readonly mounts: Mount[];
  readonly ready: pulumi.Resource[];
}

/**
 * Puts the files of all bindings onto one immutable volume, readable by the consumer's user alone. Whatever changes
 * in a file is a new volume with a name of its own, and a visible replacement of exactly its consumers.
 */
export function secretFiles(
  platform: DockerEngine,
  consumer: { readonly service: string; readonly user: string; readonly parent: pulumi.Resource },
  bindings: readonly Binding[],
): SecretFiles {
  const contents = Object.entries(Object.assign({}, ...bindings.map(({ files }) => files)) as Binding["files"]);
  if (contents.length === 0) return { files: {}, mounts: [], ready: [] };
  const files = contents.map(([name, content]) => ({ name, content: pulumi.secret(content) }));
  const volume = filledVolume(
    platform,
    `${consumer.service}-secrets`,
    {
      service: consumer.service,
      purpose: "secrets",
      role: "secret",
      files,
      owner: consumer.user,
      permissions: PERMISSIONS,
      revision: pulumi.secret(platform.revisionOf(describe(files, consumer.user))),
    },
    { parent: consumer.parent, dependsOn: bindings.flatMap(({ dependsOn }) => dependsOn ?? []) },
  );
  return {
    files: Object.fromEntries(contents.map(([variable]) => [variable, `${SECRETS_FOLDER}/${variable}`])),
    mounts: [{ volume: volume.name, path: SECRETS_FOLDER, readOnly: true }],
    ready: [volume.ready],
  };
}

/** All that makes up the files, as one text, whatever their order. */
function describe(files: readonly VolumeFile[], owner: string): pulumi.Output<string> {
  const sorted = [...files].sort((a, b) => (a.name < b.name ? -1 : 1));
  return pulumi.jsonStringify([owner, PERMISSIONS, sorted]);
}

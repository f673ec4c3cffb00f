import * as pulumi from "@pulumi/pulumi";

import { DockerEngine } from "../platform/docker-engine";
import { contentHash, filledVolume } from "../platform/files";
import { Mount } from "../platform/service-spec";
import { Binding } from "./binding";

/** Folder of a container's secrets. */
const SECRETS_FOLDER = "/run/secrets";

/** How a consumer's spec names its secrets. */
export interface SecretFiles {
  /** Where each file is found, by the variable that it stands for. */
  readonly files: Record<string, string>;
  readonly mounts: Mount[];
  readonly ready: pulumi.Resource[];
}

/**
 * Puts the files of all bindings onto one immutable volume, readable by the consumer's user alone. A new generation of
 * any of them is a new volume, and so a visible replacement of exactly its consumers.
 */
export function secretFiles(
  platform: DockerEngine,
  consumer: { readonly service: string; readonly user: string; readonly parent: pulumi.Resource },
  bindings: readonly Binding[],
): SecretFiles {
  const contents = Object.entries(Object.assign({}, ...bindings.map(({ files }) => files)) as Binding["files"]);
  if (contents.length === 0) return { files: {}, mounts: [], ready: [] };
  const volume = filledVolume(
    platform,
    `${consumer.service}-secrets`,
    {
      service: consumer.service,
      purpose: "secrets",
      role: "secret",
      files: contents.map(([name, content]) => ({ name, content: pulumi.secret(content) })),
      owner: consumer.user,
      permissions: "0400",
      revision: pulumi.all(bindings.map(({ revision }) => revision)).apply((all) => contentHash(all.join())),
    },
    { parent: consumer.parent, dependsOn: bindings.flatMap(({ dependsOn }) => dependsOn ?? []) },
  );
  return {
    files: Object.fromEntries(contents.map(([variable]) => [variable, `${SECRETS_FOLDER}/${variable}`])),
    mounts: [{ volume: volume.name, path: SECRETS_FOLDER, readOnly: true }],
    ready: [volume.ready],
  };
}

import * as pulumi from "@pulumi/pulumi";

import { DockerEngine } from "../platform/docker-engine";
import { filledVolume } from "../platform/files";
import { Mount } from "../platform/service-spec";
import { Binding } from "./binding";

/** Folder under which every credential has a folder of its own. */
const SECRETS_FOLDER = "/run/secrets";

/** How a consumer's spec names its secrets. */
export interface SecretFiles {
  /** `<VARIABLE>_FILE` for each file. */
  readonly environment: Record<string, string>;
  readonly mount: Mount;
  readonly ready: pulumi.Resource;
}

/**
 * Puts a binding's files onto an immutable volume of their own, readable by the consumer's user alone.
 * A new generation is a new volume, and so a visible replacement of exactly its consumers.
 */
export function secretFiles(
  platform: DockerEngine,
  consumer: { readonly service: string; readonly user: string; readonly parent: pulumi.Resource },
  binding: Binding,
): SecretFiles {
  const folder = `${SECRETS_FOLDER}/${binding.credential}`;
  const volume = filledVolume(
    platform,
    `${consumer.service}-${binding.credential}`,
    {
      service: consumer.service,
      purpose: binding.credential,
      role: "secret",
      files: Object.entries(binding.files).map(([name, content]) => ({ name, content: pulumi.secret(content) })),
      owner: consumer.user,
      permissions: "0400",
      revision: binding.revision,
    },
    { parent: consumer.parent, dependsOn: [...(binding.dependsOn ?? [])] },
  );
  return {
    environment: Object.fromEntries(
      Object.keys(binding.files).map((variable) => [`${variable}_FILE`, `${folder}/${variable}`]),
    ),
    mount: { volume: volume.name, path: folder, readOnly: true },
    ready: volume.ready,
  };
}

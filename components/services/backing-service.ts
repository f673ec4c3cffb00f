import * as pulumi from "@pulumi/pulumi";

import { DockerEngine } from "../platform/docker-engine";
import { configVolume } from "../platform/files";
import { hostScript, scriptText } from "../platform/script";
import { ServiceSpec } from "../platform/service-spec";
import { dataVolume, ServiceTransforms } from "../platform/service-resources";
import { specProblems } from "../platform/spec-problems";
import { LoginServer } from "../secrets/login";
import { Limit } from "../settings/fragments";
import { report } from "../settings/problems";
import { ImageFacts, Variant } from "./image-facts";

/** Arguments all stateful servers share. */
export interface BackingServiceArgs {
  /** Where it runs. */
  readonly platform: DockerEngine;
  /** Image by digest or local id. No default: a new major version needs a migration of the data. */
  readonly image: string;
  /** Base distribution of the image; it decides the user that owns the data. @default "debian" */
  readonly variant?: Variant;
  /** What one container may use. */
  readonly limit: Limit;
  /** Segment on which consumers find it. */
  readonly segment: string;
  /** Generation of the logins it gives out. @default 1 */
  readonly generation?: number;
  /** Restart policy and pace of health checks. */
  readonly runtime: RuntimeSettings;
  /** Last-resort edits of the children. @default none */
  readonly transform?: ServiceTransforms;
}

/** What holds for every long-running container of a stack. */
export interface RuntimeSettings {
  /** Restart policy of Docker. */
  readonly restart: "unless-stopped" | "always";
  /** Time between two health checks. */
  readonly healthIntervalSeconds: number;
}

/** Where a server finds the scripts and configuration of this library. */
export const CONFIG_PATH = "/etc/dockwright";

/** The volumes of a stateful server: its data, protected, and its own configuration, replaced as a whole. */
export function stateVolumes(
  name: string,
  { platform, limit }: BackingServiceArgs,
  config: Readonly<Record<string, string>>,
  { user, dataPath }: ImageFacts,
  parent: pulumi.Resource,
): { mounts: ServiceSpec["mounts"]; dependsOn: pulumi.Resource[] } {
  report(`service "${name}"`, specProblems({ service: name, user, limit }), parent);
  const data = dataVolume(platform, name, parent);
  const files = configVolume(platform, name, name, config, { parent });
  return {
    dependsOn: [files.ready],
    mounts: [
      { volume: data.name, path: dataPath, readOnly: false },
      { volume: files.name, path: CONFIG_PATH, readOnly: true },
    ],
  };
}

/** What every script that makes, proves or revokes a login on a server needs to know. */
export function loginEnvironment(
  name: string,
  { platform, image, segment }: BackingServiceArgs,
  user: string,
): Record<string, pulumi.Input<string>> {
  return {
    CONTAINER: platform.stableName(name),
    SERVICE: name,
    PROJECT: platform.project,
    STACK: platform.stack,
    STACK_ID: platform.stackId,
    IMAGE: image,
    USER_ID: user,
    NETWORK: platform.networkName(segment),
  };
}

/**
 * The scripts of a server that keeps nothing of a user but what it may do, so that which of them were made here stands in
 * a list on its data volume.
 */
export function markedLogins(
  server: "redis" | "nats" | "kafka",
  { dataPath }: ImageFacts,
): Pick<LoginServer, "applyScript" | "revokeScript" | "listScript"> & { environment: { MARKS_FILE: string } } {
  // Redis is administered in sessions that can be kept busy by others.
  const session = server === "redis" ? ["redis-session.sh"] : [];
  const marks = "login-marks.sh";
  return {
    applyScript: hostScript(__dirname, marks, ...session, `${server}-login.sh`),
    revokeScript: hostScript(__dirname, ...session, `${server}-revoke.sh`),
    listScript: scriptText(__dirname, marks, ...session, `${server}-list.sh`),
    environment: { MARKS_FILE: `${dataPath}/dockwright-logins` },
  };
}

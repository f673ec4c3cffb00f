// Programs that Docker's own settings name: a missing one makes every pull fail, also of public images.
import { homedir } from "node:os";
import { join } from "node:path";
import { readIfThere } from "../files.mts";
import { type Finding, missing, note, ok } from "./finding.mts";
import { onPath } from "./images.mts";

interface DockerConfig {
  readonly credsStore?: string;
  readonly credHelpers?: Readonly<Record<string, string>>;
}

/** `pulls`: the stack's images come from registries. */
export function judgeCredentials(env: NodeJS.ProcessEnv, pulls: boolean): Finding[] {
  const file = join(env["DOCKER_CONFIG"] || join(homedir(), ".docker"), "config.json");
  let config: DockerConfig;
  try {
    config = JSON.parse(readIfThere(file) ?? "{}") as DockerConfig;
  } catch {
    return [missing("Docker", "config.json", `want JSON in ${file}, got something else`, `mend or remove ${file}`)];
  }
  const helpers = new Set([config.credsStore, ...Object.values(config.credHelpers ?? {})].filter(Boolean));
  const lost = [...helpers].map((name) => `docker-credential-${name}`).filter((program) => !onPath(program, env));
  if (lost.length === 0) return helpers.size > 0 ? [ok("Docker", "credentials", [...helpers].join(", "))] : [];
  const text = `want ${lost.join(", ")} on the PATH, as ${file} says, got none: pulls will fail`;
  return [
    (pulls ? missing : note)(
      "Docker",
      "credentials",
      text,
      `install it, or remove credsStore and credHelpers from ${file}`,
    ),
  ];
}

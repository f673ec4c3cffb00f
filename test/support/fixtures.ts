import { DockerEngine, DockerEngineArgs } from "../../components";
import { labelList, Role } from "../../components/platform/labels";
import { STACK_ID } from "./harness";

export const IMAGE = `sha256:${"a".repeat(64)}`;
export const FILES_IMAGE = `sha256:${"f".repeat(64)}`;
export const LIMIT = { cpus: 0.5, memoryMiB: 256 };
export const RUNTIME = { restart: "unless-stopped", healthIntervalSeconds: 10 } as const;

/** A platform with the segments of Lunch Bot. */
export function engine(docker: DockerEngineArgs["docker"] = {}): DockerEngine {
  return new DockerEngine("platform", {
    docker,
    filesImage: FILES_IMAGE,
    segments: {
      public: { internal: false },
      calls: { internal: true },
      data: { internal: true },
      egress: { internal: false },
    },
  });
}

/** Labels as they stand on an object of stack dev. */
export function labels(service: string, role: Role) {
  return labelList({
    "dockwright.project": "lunch-bot",
    "dockwright.stack": "dev",
    "dockwright.stack-id": STACK_ID,
    "dockwright.service": service,
    "dockwright.role": role,
  });
}

/** What every container that runs has in common. */
export const HARDENED = {
  capabilities: { adds: [], drops: ["ALL"] },
  logDriver: "json-file",
  logOpts: { "max-file": "3", "max-size": "10m" },
  readOnly: true,
  securityOpts: ["no-new-privileges:true"],
  ulimits: [
    { name: "core", soft: 0, hard: 0 },
    { name: "nofile", soft: 16384, hard: 16384 },
  ],
};

/** What every act has in common. */
export const QUIET = {
  addPreviousOutputInEnv: false,
  create: 'sh -c "$SCRIPT"',
  update: 'sh -c "$SCRIPT"',
  logging: "none",
};

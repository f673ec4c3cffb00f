// Which Docker daemon a stack lives on: its DockerEngine asked once, and the answer travels with the state.
import { output, UserError } from "./run.mts";

export interface DaemonRecord {
  readonly id: string;
  readonly name: string;
  readonly host: string;
}

interface Resource {
  readonly urn: string;
  readonly type: string;
  readonly id?: string;
  readonly outputs?: Record<string, unknown>;
}

/** The record is a command of a DockerEngine, whatever that is called. */
const RECORD = /dockwright:platform:DockerEngine\$command:local:Command::[^:]+-daemon$/;

export const isRecord = ({ urn }: Pick<Resource, "urn">): boolean => RECORD.test(urn);

/** Nothing where the state holds nothing that is in Docker: such a stack may begin anew anywhere. */
export function recordedDaemons(resources: readonly Resource[]): DaemonRecord[] {
  if (!resources.some(({ type, id }) => type.startsWith("docker:") && id)) return [];
  return resources
    .filter(isRecord)
    .map(({ outputs }) => outputs?.["stdout"])
    .filter((stdout) => typeof stdout === "string" && stdout !== "")
    .map((stdout) => {
      const [id = "", name = "", host = ""] = (stdout as string).split("\n");
      return { id, name, host };
    });
}

/** The same daemon has the same id; a stack without a record goes anywhere, as before it had one. */
export function livesElsewhere(recorded: readonly DaemonRecord[], id: string): boolean {
  return recorded.length > 0 && !recorded.some((daemon) => daemon.id === id);
}

export function describeDaemon({ id, name, host }: DaemonRecord): string {
  return `${name} at ${host} (id ${id})`;
}

/** Asks the daemon that DOCKER_HOST names who it is. @throws UserError where it does not hold the stack */
export function refuseOtherDaemon(stack: string, recorded: readonly DaemonRecord[]): void {
  if (recorded.length === 0) return;
  const [id = "", name = ""] = output("docker", ["info", "--format", "{{.ID}} {{.Name}}"]).trim().split(" ");
  const host = process.env["DOCKER_HOST"] || "unix:///var/run/docker.sock";
  if (id === "") throw new UserError(`no Docker daemon answers at ${host}`);
  if (livesElsewhere(recorded, id)) throw new UserError(...refusal(stack, recorded, { id, name, host }));
}

/** What to say to somebody who is about to change a stack on a daemon that does not hold it. */
export function refusal(
  stack: string,
  recorded: readonly DaemonRecord[],
  answering: DaemonRecord,
): [string, ...string[]] {
  return [
    `stack ${stack} lives on another Docker daemon, nothing was changed`,
    ...recorded.map((daemon) => `it lives on: ${describeDaemon(daemon)}`),
    `now answers: ${describeDaemon(answering)}`,
    "point to its own daemon again: docker.host of the stack, DOCKER_HOST or docker context use …",
    `is it the same Docker, reinstalled or with its data moved, or is the stack to move? ./dev up ${stack} --new-daemon`,
    "what that does to data: docs/remote-hosts.md",
  ];
}

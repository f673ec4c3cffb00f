// The id that a DockerEngine drew for its stack: it labels what the stack makes in Docker, and travels with the state.

interface Resource {
  readonly urn: string;
  readonly outputs?: Record<string, unknown>;
}

/** The record is a command of a DockerEngine, whatever that is called. */
const RECORD = /dockwright:platform:DockerEngine\$command:local:Command::[^:]+-stack-id$/;

export const isIdRecord = ({ urn }: Pick<Resource, "urn">): boolean => RECORD.test(urn);

/** One for each engine; none where an earlier version made the stack. */
export function recordedStackIds(resources: readonly Resource[]): string[] {
  const answers = resources.filter(isIdRecord).map(({ outputs }) => outputs?.["stdout"]);
  return answers.filter((answer): answer is string => typeof answer === "string" && answer !== "");
}

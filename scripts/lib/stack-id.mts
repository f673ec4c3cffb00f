// The id that a DockerEngine drew for its stack: it labels what the stack makes in Docker, and travels with the state. A
// record may have further lines: ids of lost states whose data the stack took over.
import { labelOf } from "./recorded-labels.mts";

interface Resource {
  readonly urn: string;
  readonly type?: string;
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly outputs?: Record<string, unknown>;
}

/** The record is a command of a DockerEngine, whatever that is called. */
const RECORD = /dockwright:platform:DockerEngine\$command:local:Command::[^:]+-stack-id$/;

export const isIdRecord = ({ urn }: Pick<Resource, "urn">): boolean => RECORD.test(urn);

function recordsOf(resources: readonly Resource[]): string[][] {
  const answers = resources.filter(isIdRecord).map(({ outputs }) => outputs?.["stdout"]);
  return answers.filter((answer) => typeof answer === "string").map((answer) => answer.split("\n"));
}

const present = (ids: readonly (string | undefined)[]): string[] => [...new Set(ids.filter((id) => id !== undefined))];

/** One for each engine; none where an earlier version made the stack. */
export function recordedStackIds(resources: readonly Resource[]): string[] {
  return present(recordsOf(resources).map(([id]) => id)).filter((id) => id !== "");
}

/** Of lost states whose data the stack took over. */
export function recordedDataIds(resources: readonly Resource[]): string[] {
  return present(recordsOf(resources).flatMap(([, ...earlier]) => earlier)).filter((id) => id !== "");
}

function labelledId(resource: Resource): string | undefined {
  const value = labelOf(resource, "dockwright.stack-id");
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** What it labelled its volumes with when it made them: an id that was drawn anew since does not change labels. */
export function volumeStackIds(resources: readonly Resource[]): string[] {
  return present(resources.filter(({ type }) => type === "docker:index/volume:Volume").map(labelledId));
}

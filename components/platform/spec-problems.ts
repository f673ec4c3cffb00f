import { Problem } from "../settings/problems";
import { ServiceSpec } from "./service-spec";

/** Docker takes no smaller memory limit. */
const SMALLEST_MEMORY_MIB = 6;

/** The part of a spec that callers decide, known before anything is created. */
export type SpecBasics = Pick<ServiceSpec, "service" | "user" | "limit"> &
  Partial<Pick<ServiceSpec, "update" | "replicas">>;

/** All that is wrong with a spec, whatever component it is for. */
export function specProblems(spec: SpecBasics): Problem[] {
  const problems: Problem[] = [];
  const want = (holds: boolean, problem: Problem) => {
    if (!holds) problems.push(problem);
  };
  want(/^[a-z][a-z0-9-]{0,39}$/.test(spec.service), {
    path: "service",
    want: "lower-case letters, digits and dashes, at most 40: it becomes a host name",
    got: spec.service,
  });
  want(/^[1-9]\d*:\d+$/.test(spec.user), { path: "user", want: "a numeric uid:gid that is not root", got: spec.user });
  want(spec.limit.memoryMiB >= SMALLEST_MEMORY_MIB, {
    path: "limit.memoryMiB",
    want: `${SMALLEST_MEMORY_MIB} or more`,
    got: String(spec.limit.memoryMiB),
  });
  want(spec.update !== "stop-first" || (spec.replicas ?? 1) === 1, {
    path: "replicas",
    want: "1 for a service whose old version stops before the new one starts",
    got: String(spec.replicas),
  });
  return problems;
}

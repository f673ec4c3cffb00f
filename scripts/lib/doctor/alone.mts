// Whether what bears the stack's names in Docker is the stack's own.
import type { StackId } from "../backend.mts";
import { listAll } from "../docker.mts";
import { foreignProblems, foreignTo, NOBODY, type Owner } from "../ownership.mts";
import { type Finding, missing } from "./finding.mts";

export function judgeAlone(stack: StackId, owner: Owner = NOBODY): Finding[] {
  const problems = foreignProblems(stack, foreignTo(stack, owner, listAll()));
  return problems.map(({ text, fix }) => missing("Stack", "names", text, fix));
}

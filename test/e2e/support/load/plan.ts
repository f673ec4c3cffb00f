import { SecretFile, secretFiles } from "../state";
import { Generations, LoadedStack, named } from "./loaded-stack";
import { proofOf } from "./proofs";

/** Rotates credentials of a stack step by step, and gives all that went wrong but for requests. */
export async function follow(stack: LoadedStack, plan: readonly Generations[]): Promise<string[]> {
  const problems: string[] = [];
  let files = await secretFiles(stack.deployment);
  for (const step of plan) {
    const { found, after } = await rotated(stack, step, files);
    problems.push(...found.map((problem) => `${stack.deployment.name}, ${named(step)}: ${problem}`));
    files = after;
  }
  return problems;
}

async function rotated(stack: LoadedStack, step: Generations, before: readonly SecretFile[]) {
  const proof = await proofOf(stack, Object.keys(step), before);
  const { previewed, done } = await stack.rotate(step);
  const after = await secretFiles(stack.deployment);
  const untold = done.filter((change) => !previewed.includes(change)).map((change) => `done, not previewed: ${change}`);
  const undone = previewed.filter((change) => !done.includes(change)).map((change) => `previewed, not done: ${change}`);
  const idle = done.length === 0 ? ["nothing was changed"] : [];
  return { found: [...idle, ...untold, ...undone, ...(await proof(after))], after };
}

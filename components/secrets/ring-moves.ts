import * as pulumi from "@pulumi/pulumi";

import { formatProblem } from "../settings/problems";

/** How a ring's generation may move from one update to the next: up by one, and down by one where that is allowed. */
export interface MoveRules {
  readonly mayFall: boolean;
  /** What goes wrong with any other move. */
  readonly reason: string;
}

/**
 * Hooks that refuse a move which would break what runs, in a preview as well as in an update: a program cannot see what
 * the stack was before, a hook is told.
 */
export function refusing(
  name: string,
  rules: MoveRules,
  hooks: pulumi.ResourceHookBinding = {},
): pulumi.ResourceHookBinding {
  if (!takesHooks()) return hooks;
  const refuse = new pulumi.ResourceHook(
    `rotation of ${name}`,
    ({ oldInputs, newInputs }) => {
      const [from, to] = [generationOf(oldInputs), generationOf(newInputs)];
      const problem = from === undefined || to === undefined ? undefined : moveProblem(name, rules, from, to);
      if (problem !== undefined) throw new Error(problem);
    },
    { onDryRun: true },
  );
  return { ...hooks, beforeUpdate: [...(hooks.beforeUpdate ?? []), refuse] };
}

/** Mocks of a program's own tests say that they take hooks, and then hang. */
function takesHooks(): boolean {
  const monitor = pulumi.runtime.getMonitor() as { registerResourceHook?: unknown } | undefined;
  return typeof monitor?.registerResourceHook === "function";
}

/** Unknown where a version of this library made the ring that kept no generation with it. */
function generationOf(inputs: unknown): number | undefined {
  return (inputs as { readonly generation?: number } | undefined)?.generation;
}

/** Why a ring cannot move, or nothing. */
export function moveProblem(
  name: string,
  { mayFall, reason }: MoveRules,
  from: number,
  to: number,
): string | undefined {
  const allowed = [...(mayFall && from > 1 ? [from - 1] : []), from, from + 1];
  if (allowed.includes(to)) return undefined;
  const path = `rotation.${name}`;
  const next = to > from ? from + 1 : Math.min(...allowed);
  const problem = formatProblem({
    path,
    want: `one of ${allowed.join(", ")}, because it is ${from} now and ${reason}`,
    got: String(to),
    fix: `pulumi config set --path '${path}' ${next}${next === from ? "" : ", and further steps in further updates"}`,
  });
  return `nothing of it was changed\n${problem}`;
}

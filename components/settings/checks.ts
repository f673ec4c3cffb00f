import { z } from "zod";

import { Problem, show } from "./problems";

/** What a {@link Check} finds wrong with one value. */
export interface Violation extends Pick<Problem, "path" | "want"> {
  /** What stands there. @default the value at the path, be it a default */
  readonly got?: string;
  /** What to do. @default for a value that is missing the command that sets it */
  readonly fix?: string;
}

/** A rule that compares several settings, and needs nothing but them. */
export interface Check<Settings> {
  /** What it is called where rules are counted. */
  readonly name: string;
  /** What it looks at, such as `edge.httpPort`. Where that is wrong by itself it is not asked. */
  readonly reads: readonly string[];
  /** All that is wrong, each with the path of the value to change. */
  readonly violations: (settings: Settings) => readonly Violation[];
}

/** What an issue of a check carries beside its path and message. */
export interface CheckParams {
  readonly rule: string;
  readonly got: string;
  readonly fix?: string | undefined;
}

/** A schema with further rules, asked also where other values are wrong, so that all problems come at once. */
export function withChecks<Schema extends z.ZodType>(
  schema: Schema,
  checks: readonly Check<z.output<Schema>>[],
): Schema {
  return checks.reduce((checked, { name, reads, violations }) => {
    const rule = (settings: unknown, context: z.RefinementCtx) => {
      for (const { path: at, want, got, fix } of violations(settings as z.output<Schema>)) {
        const path = at.split(".");
        const params: CheckParams = { rule: name, got: got ?? show(valueAt(settings, path)), fix };
        context.addIssue({ code: "custom", path, message: want, params });
      }
    };
    // zod keeps what else stands here with the check, and there tests find its name.
    const definition = { when: ({ issues }: Found) => !reads.some((path) => isWrong(path, issues)), params: { name } };
    return checked.superRefine(rule, definition);
  }, schema);
}

/** What stands at a path. Issues carry values too, but those of checks the whole object, which may hold secrets. */
export function valueAt(values: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((at, part) => (at as Record<string, unknown> | undefined)?.[part], values);
}

/** The issues found so far. */
type Found = Parameters<NonNullable<z.core.$ZodSuperRefineParams["when"]>>[0];

/** Whether the value at a path, one inside it or one around it is not what its own schema wants. */
function isWrong(path: string, issues: Found["issues"]): boolean {
  const own = issues.filter((issue) => issue.code !== "unrecognized_keys" && !checkParams(issue));
  return own.some(({ path: at = [] }) => {
    const parts = path.split(".");
    const common = Math.min(parts.length, at.length);
    return parts.slice(0, common).join(".") === at.slice(0, common).join(".");
  });
}

/** What a check said of its issue; nothing where the issue is of another kind. */
export function checkParams(issue: { readonly code?: string; readonly params?: unknown }): CheckParams | undefined {
  const params = issue.code === "custom" ? (issue.params as Partial<CheckParams> | undefined) : undefined;
  return params?.rule === undefined ? undefined : (params as CheckParams);
}

import type { z } from "zod";

/** Everything that is wrong with the environment, at once: names and wishes, never values. */
export class EnvironmentError extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super("invalid environment");
    this.name = "EnvironmentError";
    this.problems = problems;
  }
}

/** One line for each issue. Zod's own messages name what was expected, not what was found. */
export function problemsOf(error: z.ZodError): string[] {
  return error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
}

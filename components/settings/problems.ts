import * as pulumi from "@pulumi/pulumi";

/** One thing wrong with what the user gave: where, what was wanted, what was got, what to do. */
export interface Problem {
  /** Path of the value, for example `limits.backend.memoryMiB`. */
  readonly path: string;
  /** What would have been right. */
  readonly want: string;
  /** What stood there instead; never the value of a secret. */
  readonly got: string;
  /** The likely fix, often a command to copy. @default none */
  readonly fix?: string;
}

/** `path: want X, got Y`, with the fix on a line of its own. */
export function formatProblem({ path, want, got, fix }: Problem): string {
  return `  ${path}: want ${want}, got ${got}` + (fix ? `\n    fix: ${fix}` : "");
}

/**
 * Ends the program when there are problems, with all of them in one message and no stack trace.
 * @throws pulumi.RunError (settings) or pulumi.ResourceError (a component's arguments)
 */
export function report(what: string, problems: readonly Problem[], at?: pulumi.Resource): void {
  if (problems.length === 0) return;
  const message = `${what}: ${problems.length} problem(s), nothing was changed\n${problems.map(formatProblem).join("\n")}`;
  throw at ? new pulumi.ResourceError(message, at, true) : new pulumi.RunError(message);
}

/** A value as it may stand in a message: short, one line. */
export function show(value: unknown): string {
  if (value === undefined) return "nothing";
  const text = JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
